SELECT s.org, s.day AS period, s.store,
  CASE WHEN other.code LIKE 'city/%' THEN substr(other.code, 6) ELSE '' END AS issuer,
  sum(CASE WHEN taken.id = t.credit THEN 1 ELSE 0 END) AS payments,
  sum(CASE WHEN taken.id = t.credit THEN 0 ELSE 1 END) AS refunds,
  sum(CASE WHEN taken.id = t.credit THEN t.amount ELSE -t.amount END) AS amount
FROM sale AS s
CROSS JOIN transfer AS t
JOIN account AS taken ON taken.org = t.org AND taken.id IN (t.credit, t.debit)
JOIN account AS other ON other.org = t.org AND other.id = t.credit + t.debit - taken.id
WHERE s.day >= :first AND s.day <= :last
  AND t.org = s.org AND t.op = s.uid AND t.attempt = s.attempt
  AND taken.code LIKE 'sales/%' AND (other.code LIKE 'city/%' OR other.code LIKE 'card/%')
GROUP BY s.org, s.day, s.store,
  CASE WHEN other.code LIKE 'city/%' THEN substr(other.code, 6) ELSE '' END
