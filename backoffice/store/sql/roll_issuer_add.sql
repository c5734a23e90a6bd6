INSERT INTO roll_issuer (org, period, store, issuer, payments, refunds, amount)
SELECT t.org, :period, :store,
  CASE WHEN other.code LIKE 'city/%' THEN substr(other.code, 6) ELSE '' END AS issuer,
  sum(CASE WHEN taken.id = t.credit THEN 1 ELSE 0 END),
  sum(CASE WHEN taken.id = t.credit THEN 0 ELSE 1 END),
  sum(CASE WHEN taken.id = t.credit THEN t.amount ELSE -t.amount END)
FROM transfer AS t
JOIN account AS taken ON taken.org = t.org AND taken.id IN (t.credit, t.debit)
JOIN account AS other ON other.org = t.org AND other.id = t.credit + t.debit - taken.id
WHERE t.org = :org AND t.op = :uid AND t.attempt = :attempt
  AND taken.code LIKE 'sales/%' AND (other.code LIKE 'city/%' OR other.code LIKE 'card/%')
GROUP BY t.org, CASE WHEN other.code LIKE 'city/%' THEN substr(other.code, 6) ELSE '' END
ON CONFLICT (org, period, store, issuer) DO UPDATE SET
  payments = roll_issuer.payments + excluded.payments,
  refunds = roll_issuer.refunds + excluded.refunds,
  amount = roll_issuer.amount + excluded.amount
