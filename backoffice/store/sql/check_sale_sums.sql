SELECT terminal, receipt, total, lines, rounding, tenders
FROM (
  SELECT t.code AS terminal, s.receipt AS receipt, s.total AS total,
    (SELECT coalesce(sum(l.amount), 0) FROM sale_line AS l
     WHERE l.org = s.org AND l.sale = s.id) AS lines,
    (SELECT coalesce(sum(r.amount), 0) FROM sale_rounding AS r
     WHERE r.org = s.org AND r.sale = s.id) AS rounding,
    (SELECT coalesce(sum(p.amount), 0) FROM sale_tender AS p
     WHERE p.org = s.org AND p.sale = s.id) AS tenders
  FROM sale AS s JOIN terminal AS t ON t.org = s.org AND t.id = s.terminal
  WHERE s.org = :org AND s.day >= :first AND s.day <= :last
) AS sums
WHERE total <> lines + rounding OR total <> tenders
ORDER BY terminal, receipt
