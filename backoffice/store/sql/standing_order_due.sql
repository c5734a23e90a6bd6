SELECT o.card FROM standing_order AS o
JOIN card AS c ON c.org = o.org AND c.number = o.card
JOIN account AS a ON a.org = c.org AND a.id = c.account
LEFT JOIN account AS b ON b.org = c.org AND b.id = c.bonus_account
WHERE o.org = :org AND o.ended_at = 0 AND c.ended = 0 AND c.state = 1
  AND a.balance + coalesce(b.balance, 0) < o.below
  AND NOT EXISTS (SELECT 1 FROM collection AS k
                  WHERE k.org = o.org AND k.card = o.card AND k.state = 0)
ORDER BY o.card LIMIT :most
