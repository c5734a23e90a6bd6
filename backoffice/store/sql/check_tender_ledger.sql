SELECT kind, sum(sold) AS sold, sum(booked) AS booked
FROM (
  SELECT p.kind AS kind, p.amount AS sold, 0 AS booked
  FROM sale AS s JOIN sale_tender AS p ON p.org = s.org AND p.sale = s.id
  WHERE s.org = :org AND s.day >= :first AND s.day <= :last
  UNION ALL
  SELECT x.tender AS kind, 0 AS sold,
    CASE WHEN c.code LIKE 'sales/%' THEN x.amount ELSE -x.amount END AS booked
  FROM transfer AS x
  JOIN account AS c ON c.org = x.org AND c.id = x.credit
  LEFT JOIN operation AS o ON o.org = x.org AND o.op = x.op AND o.attempt = x.attempt
  WHERE x.org = :org AND x.tender <> 0 AND x.day >= :first AND x.day <= :last
    AND coalesce(o.state, 0) <> 1
) AS both_sides
GROUP BY kind
ORDER BY kind
