INSERT INTO stall (org, id, store, code, name)
VALUES (:org, (SELECT coalesce(max(id), 0) + 1 FROM stall WHERE org = :org), :store, :code, :name)
ON CONFLICT (org, code) DO UPDATE SET name = excluded.name
