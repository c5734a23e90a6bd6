INSERT INTO list_version (org, version, made_at, places, content)
VALUES (:org, :version, :made_at, :places, :content)
