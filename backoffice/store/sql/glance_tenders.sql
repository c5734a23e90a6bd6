SELECT st.code AS store, t.kind AS kind, s.day AS day, s.at / 1800000 AS half_hour,
       count(*) AS payments, sum(t.amount) AS amount
FROM sale AS s JOIN store AS st ON st.org = s.org AND st.id = s.store
JOIN sale_tender AS t ON t.org = s.org AND t.sale = s.id
WHERE s.org = :org AND s.day IN (:today, :before)
GROUP BY st.code, t.kind, s.day, s.at / 1800000
ORDER BY st.code, t.kind, s.day, half_hour
