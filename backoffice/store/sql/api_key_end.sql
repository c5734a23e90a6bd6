UPDATE api_key SET ended_at = :at WHERE org = :org AND id = :id AND ended_at = 0
