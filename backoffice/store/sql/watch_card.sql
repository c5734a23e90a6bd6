SELECT count(*) FROM operation
WHERE org = :org AND card = :card AND at >= :since AND state IN (1, 5, 6)
