SELECT t.kind AS kind, count(*) AS payments, sum(t.amount) AS amount
FROM sale AS s JOIN sale_tender AS t ON t.org = s.org AND t.sale = s.id
WHERE s.org = :org AND s.day >= :first AND s.day <= :last
GROUP BY t.kind
ORDER BY t.kind
