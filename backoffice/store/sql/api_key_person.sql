SELECT person FROM api_key WHERE hash = :hash AND org = :org AND ended_at = 0 AND until > :now
