SELECT l.plu AS plu, l.unit AS unit, count(*) AS lines, sum(l.quantity) AS quantity,
       sum(l.amount) AS amount
FROM sale AS s JOIN sale_line AS l ON l.org = s.org AND l.sale = s.id
WHERE s.org = :org AND s.day >= :first AND s.day <= :last
GROUP BY l.plu, l.unit
ORDER BY l.plu, l.unit
