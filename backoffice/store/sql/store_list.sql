SELECT id, code, name FROM store WHERE org = :org ORDER BY id
