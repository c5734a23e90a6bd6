SELECT CASE WHEN r.period > 9999999 THEN r.period / 100 ELSE r.period END AS month,
  sum(r.sales) AS sales, sum(r.refunds) AS refunds, sum(r.gross) AS gross,
  sum(r.discount) AS discount, sum(r.saving) AS saving, sum(r.rounding) AS rounding,
  sum(r.refunded) AS refunded, sum(r.amount) AS amount, sum(r.grams) AS grams
FROM span CROSS JOIN roll_sale AS r
WHERE r.org = :org AND r.period >= span.low AND r.period <= span.high
  AND (:stores = '' OR r.store IN (SELECT id FROM shop))
  AND (:stall < 0 OR r.stall = :stall) AND (:terminal < 0 OR r.terminal = :terminal)
  AND (:cashier < 0 OR r.cashier = :cashier) AND (:level < 0 OR r.level = :level)
GROUP BY CASE WHEN r.period > 9999999 THEN r.period / 100 ELSE r.period END
ORDER BY month
