SELECT l.id, l.code, l.name, s.id, s.code
FROM stall AS l JOIN store AS s ON s.org = l.org AND s.id = l.store
WHERE l.org = :org ORDER BY s.code, l.id
