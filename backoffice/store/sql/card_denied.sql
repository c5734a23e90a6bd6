SELECT c.number
FROM card AS c
LEFT JOIN account AS a ON a.org = c.org AND a.id = c.account
LEFT JOIN account AS b ON b.org = c.org AND b.id = c.bonus_account
WHERE c.org = :org AND (c.valid_to = 0 OR c.valid_to >= :day)
  AND (c.state = 2 OR c.ended <> 0 OR coalesce(a.balance, 0) + coalesce(b.balance, 0) < 0)
ORDER BY c.number
LIMIT :most
