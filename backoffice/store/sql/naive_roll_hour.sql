SELECT s.org, s.day AS period, s.store, day_of_week(s.day) AS weekday, s.hour,
  sum(CASE WHEN s.kind = 2 THEN 0 ELSE 1 END) AS sales, sum(s.total) AS amount
FROM sale AS s
WHERE s.day >= :first AND s.day <= :last
GROUP BY s.org, s.day, s.store, day_of_week(s.day), s.hour
