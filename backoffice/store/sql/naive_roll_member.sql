SELECT s.org, s.day AS period, s.store, s.member, s.level,
  sum(CASE WHEN s.kind = 2 THEN 0 ELSE 1 END) AS visits, sum(s.total) AS amount,
  sum(CASE WHEN s.kind = 2 THEN 0 ELSE s.saving END) AS saved, max(s.day) AS last_day
FROM sale AS s
WHERE s.member IS NOT NULL AND s.day >= :first AND s.day <= :last
GROUP BY s.org, s.day, s.store, s.member, s.level
