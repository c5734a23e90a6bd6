SELECT r.kind AS kind, sum(r.payments) AS payments, sum(r.amount + r.refunded) AS taken,
  sum(r.refunds) AS refunds, sum(r.refunded) AS refunded, sum(r.amount) AS amount,
  sum(r.mixed) AS mixed
FROM span CROSS JOIN roll_tender AS r
WHERE r.org = :org AND r.period >= span.low AND r.period <= span.high
  AND (:stores = '' OR r.store IN (SELECT id FROM shop))
  AND (:stall < 0 OR r.stall = :stall) AND (:terminal < 0 OR r.terminal = :terminal)
  AND (:cashier < 0 OR r.cashier = :cashier) AND (:level < 0 OR r.level = :level)
  AND (:tender < 0 OR r.kind = :tender)
GROUP BY r.kind
ORDER BY r.kind
