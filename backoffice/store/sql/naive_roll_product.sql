SELECT s.org, s.day AS period, s.store, l.plu, l.unit,
  count(*) AS lines, sum(l.quantity) AS quantity, sum(l.amount) AS amount,
  sum(l.discount) AS discount,
  sum(CASE WHEN l.flags % 2 = 1 THEN l.amount ELSE 0 END) AS member_amount,
  sum(CASE WHEN s.kind = 2 THEN 1 ELSE 0 END) AS refunds,
  sum(CASE WHEN s.kind = 2 THEN -l.amount ELSE 0 END) AS refunded
FROM sale AS s JOIN sale_line AS l ON l.org = s.org AND l.sale = s.id
WHERE s.day >= :first AND s.day <= :last
GROUP BY s.org, s.day, s.store, l.plu, l.unit
