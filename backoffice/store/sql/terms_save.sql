INSERT INTO terms (org, version, made_at, content)
VALUES (:org, :version, :made_at, :content)
ON CONFLICT (org) DO UPDATE SET
  version = excluded.version, made_at = excluded.made_at, content = excluded.content
