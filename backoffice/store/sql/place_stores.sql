SELECT s.id, s.code, s.name, coalesce(a.code, ''), coalesce(m.code, ''), s.zone, s.cutoff_hour,
       CASE WHEN s.zone = '' THEN o.zone ELSE s.zone END,
       CASE WHEN s.cutoff_hour < 0 THEN o.cutoff_hour ELSE s.cutoff_hour END,
       s.upload
FROM store AS s
JOIN organisation AS o ON o.org = s.org
LEFT JOIN agent AS a ON a.org = s.org AND a.id = s.agent
LEFT JOIN market AS m ON m.org = s.org AND m.id = s.market
WHERE s.org = :org ORDER BY s.code
