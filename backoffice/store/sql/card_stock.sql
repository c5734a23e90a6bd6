SELECT state, ended, kind, class, count(*) AS cards FROM card
WHERE org = :org GROUP BY state, ended, kind, class ORDER BY state, ended, kind, class
