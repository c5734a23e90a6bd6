SELECT count(*), coalesce(sum(a.balance + coalesce(b.balance, 0)), 0)
FROM card AS c
JOIN account AS a ON a.org = c.org AND a.id = c.account
LEFT JOIN account AS b ON b.org = c.org AND b.id = c.bonus_account
WHERE c.org = :org AND a.balance + coalesce(b.balance, 0) < 0
