INSERT INTO store (org, id, code, name) VALUES (:org, :id, :code, :name)
ON CONFLICT (org, id) DO UPDATE SET name = excluded.name
