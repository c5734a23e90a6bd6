SELECT number FROM card
WHERE org = :org AND batch = :batch AND batch <> x'' ORDER BY state DESC, issued_at DESC, number DESC LIMIT 1
