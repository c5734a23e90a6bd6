SELECT number FROM card
WHERE org = :org AND state = :state AND ended = :ended AND number < :before
ORDER BY number DESC LIMIT :most
