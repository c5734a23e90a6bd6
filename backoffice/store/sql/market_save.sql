INSERT INTO market (org, id, code, name)
VALUES (:org, (SELECT coalesce(max(id), 0) + 1 FROM market WHERE org = :org), :code, :name)
ON CONFLICT (org, code) DO UPDATE SET name = excluded.name
