SELECT r.period AS day, sum(r.sales) AS sales, sum(r.refunds) AS refunds, sum(r.gross) AS gross,
  sum(r.discount) AS discount, sum(r.saving) AS saving, sum(r.rounding) AS rounding,
  sum(r.refunded) AS refunded, sum(r.amount) AS amount, sum(r.grams) AS grams
FROM roll_sale AS r
WHERE r.org = :org AND r.period >= :first AND r.period <= :last
  AND (:stores = '' OR r.store IN (SELECT id FROM shop))
  AND (:stall < 0 OR r.stall = :stall) AND (:terminal < 0 OR r.terminal = :terminal)
  AND (:cashier < 0 OR r.cashier = :cashier) AND (:level < 0 OR r.level = :level)
GROUP BY r.period
ORDER BY r.period
