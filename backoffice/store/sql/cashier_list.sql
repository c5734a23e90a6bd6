SELECT c.number, c.name, coalesce(s.code, '')
FROM cashier AS c LEFT JOIN store AS s ON s.org = c.org AND s.id = c.store
WHERE c.org = :org ORDER BY c.number
