SELECT shop.code AS store, te.code AS terminal, coalesce(sl.name, te.stall) AS stall, sums.*
FROM (
  SELECT r.store AS store_id, r.terminal AS terminal_id, r.stall AS stall_id, r.kind AS kind,
    sum(r.payments) AS payments, sum(r.refunds) AS refunds, sum(r.refunded) AS refunded,
    sum(r.amount) AS amount
  FROM span CROSS JOIN roll_tender AS r
  WHERE r.org = :org AND r.period >= span.low AND r.period <= span.high
    AND (:stores = '' OR r.store IN (SELECT id FROM shop))
    AND (:stall < 0 OR r.stall = :stall) AND (:terminal < 0 OR r.terminal = :terminal)
    AND (:cashier < 0 OR r.cashier = :cashier) AND (:level < 0 OR r.level = :level)
    AND (:tender < 0 OR r.kind = :tender)
  GROUP BY r.store, r.terminal, r.stall, r.kind
) AS sums
JOIN shop ON shop.id = sums.store_id
JOIN terminal AS te ON te.org = :org AND te.id = sums.terminal_id
LEFT JOIN stall AS sl ON sl.org = :org AND sl.id = sums.stall_id
ORDER BY shop.code, te.code, sums.kind
