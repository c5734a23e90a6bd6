SELECT r.issuer AS issuer, sum(r.payments) AS payments, sum(r.refunds) AS refunds,
  sum(r.amount) AS amount
FROM span CROSS JOIN roll_issuer AS r
WHERE r.org = :org AND r.period >= span.low AND r.period <= span.high
  AND (:stores = '' OR r.store IN (SELECT id FROM shop))
GROUP BY r.issuer
ORDER BY r.issuer
