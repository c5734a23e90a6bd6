SELECT shop.code AS store, te.code AS terminal, te.stall AS stall, te.seen_at AS seen_at,
  te.seen_state AS seen_state, te.suspended AS suspended, te.unsent AS unsent,
  coalesce(sold.receipts, 0) AS receipts, coalesce(sold.offline, 0) AS offline,
  coalesce(sold.late, 0) AS late, coalesce(sold.longest_delay, 0) AS longest_delay,
  coalesce(sent.entries, 0) AS entries, coalesce(sent.bytes, 0) AS bytes
FROM terminal AS te
JOIN shop ON shop.id = te.store
LEFT JOIN (
  SELECT r.terminal AS terminal, sum(r.sales + r.refunds) AS receipts, sum(r.offline) AS offline,
    sum(r.late) AS late, max(r.longest_delay) AS longest_delay
  FROM span CROSS JOIN roll_sale AS r
  WHERE r.org = :org AND r.period >= span.low AND r.period <= span.high
  GROUP BY r.terminal
) AS sold ON sold.terminal = te.id
LEFT JOIN (
  SELECT t.terminal AS terminal, sum(t.entries) AS entries, sum(t.bytes) AS bytes
  FROM span CROSS JOIN roll_traffic AS t
  WHERE t.org = :org AND t.period >= span.low AND t.period <= span.high
  GROUP BY t.terminal
) AS sent ON sent.terminal = te.id
WHERE te.org = :org AND (:terminal < 0 OR te.id = :terminal)
  AND (:stall < 0 OR te.stall_id = :stall)
ORDER BY shop.code, te.code
