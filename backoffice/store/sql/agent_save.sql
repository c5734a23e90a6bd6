INSERT INTO agent (org, id, code, name)
VALUES (:org, (SELECT coalesce(max(id), 0) + 1 FROM agent WHERE org = :org), :code, :name)
ON CONFLICT (org, code) DO UPDATE SET name = excluded.name
