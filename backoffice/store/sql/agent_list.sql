SELECT id, code, name FROM agent WHERE org = :org ORDER BY code
