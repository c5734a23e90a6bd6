SELECT s.cashier AS cashier, count(*) AS sales, sum(s.total) AS amount, sum(s.saving) AS saving
FROM sale AS s
WHERE s.org = :org AND s.day >= :first AND s.day <= :last
GROUP BY s.cashier
ORDER BY s.cashier
