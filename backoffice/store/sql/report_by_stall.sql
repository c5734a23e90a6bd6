SELECT st.code AS store, te.code AS terminal, te.stall AS stall, t.kind AS kind,
       count(*) AS payments, sum(t.amount) AS amount
FROM sale AS s
JOIN sale_tender AS t ON t.org = s.org AND t.sale = s.id
JOIN store AS st ON st.org = s.org AND st.id = s.store
JOIN terminal AS te ON te.org = s.org AND te.id = s.terminal
WHERE s.org = :org AND s.day >= :first AND s.day <= :last
GROUP BY st.code, te.code, te.stall, t.kind
ORDER BY st.code, te.code, t.kind
