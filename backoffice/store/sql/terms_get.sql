SELECT version, made_at, content FROM terms WHERE org = :org
