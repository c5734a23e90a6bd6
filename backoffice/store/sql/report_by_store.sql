SELECT st.code AS store, st.name AS name, count(*) AS sales, sum(s.total) AS amount,
       sum(s.saving) AS saving
FROM sale AS s JOIN store AS st ON st.org = s.org AND st.id = s.store
WHERE s.org = :org AND s.day >= :first AND s.day <= :last
GROUP BY st.code, st.name
ORDER BY st.code
