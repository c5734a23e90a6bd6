SELECT org, period, store, level, rule, count(*) AS lines, sum(amount + discount + saving) AS gross,
  sum(saving) AS saving, sum(discount) AS discount
FROM (
  SELECT s.org AS org, s.day AS period, s.store AS store, s.level AS level,
    CASE WHEN l.flags / 64 % 2 = 1 THEN 3 WHEN l.flags / 128 % 2 = 1 THEN 4
         WHEN l.flags / 32 % 2 = 1 THEN 2 WHEN l.flags % 2 = 1 THEN 1 ELSE 0 END AS rule,
    l.amount AS amount, l.discount AS discount,
    line_saving(l.quantity, l.unit, l.unit_price, l.base, l.shelf_price, l.discount, l.amount,
                l.flags, s.price_interval) AS saving
  FROM sale AS s JOIN sale_line AS l ON l.org = s.org AND l.sale = s.id
  WHERE s.kind <> 2 AND s.day >= :first AND s.day <= :last
) AS cheaper
WHERE saving <> 0 OR discount <> 0
GROUP BY org, period, store, level, rule
