SELECT id, person, label, made_at, until, ended_at FROM api_key WHERE org = :org ORDER BY id
