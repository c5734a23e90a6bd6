SELECT id, code, name FROM market WHERE org = :org ORDER BY code
