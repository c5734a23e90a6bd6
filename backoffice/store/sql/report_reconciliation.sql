SELECT shop.code AS store, te.code AS terminal,
  coalesce(books.receipts, 0) AS receipts, coalesce(books.amount, 0) AS amount,
  coalesce(z.reports, 0) AS reports, coalesce(z.receipts, 0) AS z_receipts,
  coalesce(z.total, 0) AS z_total, coalesce(z.differing, 0) AS differing,
  coalesce(z.waiting, 0) AS waiting,
  coalesce((SELECT sum(m.highest - m.upto) FROM mark AS m
            WHERE m.org = te.org AND m.terminal = te.id), 0) AS missing,
  coalesce(books.late, 0) AS late, coalesce(books.offline, 0) AS offline,
  coalesce(books.faulty, 0) AS faulty, coalesce(books.longest_delay, 0) AS longest_delay
FROM terminal AS te
JOIN shop ON shop.id = te.store
LEFT JOIN (
  SELECT r.terminal AS terminal, sum(r.sales + r.refunds) AS receipts, sum(r.amount) AS amount,
    sum(r.late) AS late, sum(r.offline) AS offline, sum(r.faulty) AS faulty,
    max(r.longest_delay) AS longest_delay
  FROM span CROSS JOIN roll_sale AS r
  WHERE r.org = :org AND r.period >= span.low AND r.period <= span.high
  GROUP BY r.terminal
) AS books ON books.terminal = te.id
LEFT JOIN (
  SELECT x.terminal AS terminal, count(*) AS reports, sum(x.sales) AS receipts,
    sum(x.total) AS total, sum(CASE WHEN x.agrees = 0 THEN 1 ELSE 0 END) AS differing,
    sum(CASE WHEN x.agrees < 0 THEN 1 ELSE 0 END) AS waiting
  FROM z_report AS x
  WHERE x.org = :org AND x.day >= :first AND x.day <= :last
  GROUP BY x.terminal
) AS z ON z.terminal = te.id
WHERE te.org = :org AND (:terminal < 0 OR te.id = :terminal)
  AND (:stall < 0 OR te.stall_id = :stall)
ORDER BY shop.code, te.code
