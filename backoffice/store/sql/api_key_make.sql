INSERT INTO api_key (org, id, person, label, hash, made_at, until)
VALUES (:org, :id, :person, :label, :hash, :made_at, :until)
