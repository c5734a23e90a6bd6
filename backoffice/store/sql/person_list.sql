SELECT name, role, stores, password, suspended, generation FROM person
WHERE org = :org ORDER BY name
