SELECT r.rule AS rule, r.level AS level, sum(r.lines) AS lines, sum(r.gross) AS gross,
  sum(r.saving) AS saving, sum(r.discount) AS discount, sum(r.saving + r.discount) AS given
FROM span CROSS JOIN roll_saving AS r
WHERE r.org = :org AND r.period >= span.low AND r.period <= span.high
  AND (:stores = '' OR r.store IN (SELECT id FROM shop)) AND (:level < 0 OR r.level = :level)
GROUP BY r.rule, r.level
ORDER BY r.rule, r.level
