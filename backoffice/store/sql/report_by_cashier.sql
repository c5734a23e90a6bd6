SELECT r.cashier AS cashier, sum(r.sales) AS sales, sum(r.refunds) AS refunds,
  sum(r.refunded) AS refunded, sum(r.discount) AS discount, sum(r.saving) AS saving,
  sum(r.goodwill) AS goodwill, sum(r.offline) AS offline, sum(r.faulty) AS faulty,
  sum(r.amount) AS amount
FROM span CROSS JOIN roll_sale AS r
WHERE r.org = :org AND r.period >= span.low AND r.period <= span.high
  AND (:stores = '' OR r.store IN (SELECT id FROM shop))
  AND (:stall < 0 OR r.stall = :stall) AND (:terminal < 0 OR r.terminal = :terminal)
  AND (:cashier < 0 OR r.cashier = :cashier) AND (:level < 0 OR r.level = :level)
GROUP BY r.cashier
ORDER BY r.cashier
