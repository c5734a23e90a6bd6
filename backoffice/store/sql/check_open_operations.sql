SELECT count(*) AS operations, coalesce(sum(amount), 0) AS amount
FROM operation WHERE org = :org AND state = 1
