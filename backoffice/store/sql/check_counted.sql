SELECT count(*) AS sales, coalesce(sum(s.total), 0) AS total
FROM sale AS s
WHERE s.org = :org AND s.day >= :first AND s.day <= :last
