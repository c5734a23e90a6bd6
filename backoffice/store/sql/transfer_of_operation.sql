SELECT d.code, c.code, t.amount, t.tender
FROM transfer AS t
JOIN account AS d ON d.org = t.org AND d.id = t.debit
JOIN account AS c ON c.org = t.org AND c.id = t.credit
WHERE t.org = :org AND t.op = :op AND t.attempt = :attempt AND t.reason = :reason
ORDER BY t.leg
