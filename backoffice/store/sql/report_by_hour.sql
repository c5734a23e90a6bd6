SELECT r.weekday AS weekday, r.hour AS hour, sum(r.sales) AS sales, sum(r.amount) AS amount
FROM span CROSS JOIN roll_hour AS r
WHERE r.org = :org AND r.period >= span.low AND r.period <= span.high
  AND (:stores = '' OR r.store IN (SELECT id FROM shop))
GROUP BY r.weekday, r.hour
ORDER BY r.weekday, r.hour
