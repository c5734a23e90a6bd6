SELECT st.code AS store, st.name AS name, s.day AS day, s.at / 1800000 AS half_hour,
       count(*) AS sales, sum(s.total) AS amount
FROM sale AS s JOIN store AS st ON st.org = s.org AND st.id = s.store
WHERE s.org = :org AND s.day IN (:today, :before)
GROUP BY st.code, st.name, s.day, s.at / 1800000
ORDER BY st.code, s.day, half_hour
