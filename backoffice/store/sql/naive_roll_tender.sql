SELECT s.org, s.day AS period, s.store, s.stall, s.terminal, s.cashier, s.level, t.kind,
  count(*) AS payments, sum(t.amount) AS amount,
  sum(CASE WHEN s.kind = 2 THEN 1 ELSE 0 END) AS refunds,
  sum(CASE WHEN s.kind = 2 THEN -t.amount ELSE 0 END) AS refunded,
  sum(CASE WHEN m.tenders > 1 THEN 1 ELSE 0 END) AS mixed
FROM sale AS s
JOIN sale_tender AS t ON t.org = s.org AND t.sale = s.id
JOIN (SELECT org, sale, count(*) AS tenders FROM sale_tender GROUP BY org, sale) AS m
  ON m.org = s.org AND m.sale = s.id
WHERE s.day >= :first AND s.day <= :last
GROUP BY s.org, s.day, s.store, s.stall, s.terminal, s.cashier, s.level, t.kind
