SELECT s.cashier AS cashier, count(*) AS sales, sum(s.total) AS amount, sum(s.saving) AS saving,
  sum(coalesce((SELECT sum(r.amount) FROM sale_rounding AS r
                WHERE r.org = s.org AND r.sale = s.id AND r.kind = 2), 0)) AS goodwill
FROM sale AS s
WHERE s.org = :org AND s.day >= :first AND s.day <= :last
GROUP BY s.cashier
ORDER BY s.cashier
