SELECT id, due_at, content, person, approved_by, made_at, state, list_version, detail
FROM price_change WHERE org = :org AND id > :after AND (:state < 0 OR state = :state) ORDER BY due_at, id
