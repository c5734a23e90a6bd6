SELECT s.org, s.day AS period, s.store, s.stall, s.terminal, s.cashier, s.level,
  sum(CASE WHEN s.kind = 2 THEN 0 ELSE 1 END) AS sales,
  sum(CASE WHEN s.kind = 2 THEN 1 ELSE 0 END) AS refunds,
  sum(l.lines) AS lines,
  sum(CASE WHEN s.kind = 2 THEN 0 ELSE l.amount + l.discount + s.saving END) AS gross,
  sum(CASE WHEN s.kind = 2 THEN 0 ELSE l.discount END) AS discount,
  sum(CASE WHEN s.kind = 2 THEN 0 ELSE s.saving END) AS saving,
  sum(CASE WHEN s.kind = 2 THEN 0 ELSE coalesce(r.rounding, 0) END) AS rounding,
  sum(coalesce(r.goodwill, 0)) AS goodwill,
  sum(CASE WHEN s.kind = 2 THEN -s.total ELSE 0 END) AS refunded,
  sum(s.total) AS amount,
  sum(l.grams) AS grams,
  sum(CASE WHEN s.offline <> 0 THEN 1 ELSE 0 END) AS offline,
  sum(CASE WHEN s.received_at - s.at > 600000 THEN 1 ELSE 0 END) AS late,
  sum(CASE WHEN s.faults <> '' THEN 1 ELSE 0 END) AS faulty,
  max(s.at) AS last_at, max(s.received_at) AS last_received,
  max(CASE WHEN s.received_at > s.at THEN s.received_at - s.at ELSE 0 END) AS longest_delay
FROM sale AS s
JOIN (SELECT org, sale, count(*) AS lines, sum(amount) AS amount, sum(discount) AS discount,
        sum(line_grams(quantity, unit)) AS grams
      FROM sale_line GROUP BY org, sale) AS l ON l.org = s.org AND l.sale = s.id
LEFT JOIN (SELECT org, sale, sum(amount) AS rounding,
             sum(CASE WHEN kind = 2 THEN amount ELSE 0 END) AS goodwill
           FROM sale_rounding GROUP BY org, sale) AS r ON r.org = s.org AND r.sale = s.id
WHERE s.day >= :first AND s.day <= :last
GROUP BY s.org, s.day, s.store, s.stall, s.terminal, s.cashier, s.level
