SELECT s.day AS day, count(*) AS sales, sum(s.total) AS amount, sum(s.saving) AS saving
FROM sale AS s
WHERE s.org = :org AND s.day >= :first AND s.day <= :last
GROUP BY s.day
ORDER BY s.day
