SELECT name, role, stores, password, suspended, generation FROM person
WHERE org = :org AND name = :name
