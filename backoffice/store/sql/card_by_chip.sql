SELECT number FROM card WHERE org = :org AND chip = :chip ORDER BY issued_at DESC, number DESC LIMIT 1
