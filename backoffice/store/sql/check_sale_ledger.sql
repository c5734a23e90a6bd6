SELECT terminal, receipt, lines, booked
FROM (
  SELECT t.code AS terminal, s.receipt AS receipt,
    (SELECT coalesce(sum(l.amount), 0) FROM sale_line AS l
     WHERE l.org = s.org AND l.sale = s.id) AS lines,
    (SELECT coalesce(sum(CASE WHEN x.credit = a.id THEN x.amount WHEN x.debit = a.id THEN -x.amount
                         ELSE 0 END), 0)
     FROM transfer AS x
     WHERE x.org = s.org AND x.op = s.uid) AS booked
  FROM sale AS s
  JOIN terminal AS t ON t.org = s.org AND t.id = s.terminal
  JOIN store AS st ON st.org = s.org AND st.id = s.store
  LEFT JOIN account AS a ON a.org = s.org AND a.code = 'sales/' || st.code
  WHERE s.org = :org AND s.day >= :first AND s.day <= :last
) AS sums
WHERE lines <> booked
ORDER BY terminal, receipt
