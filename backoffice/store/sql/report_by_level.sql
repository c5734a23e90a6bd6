SELECT sums.level AS level, sums.sales AS sales, sums.refunds AS refunds, sums.gross AS gross,
  sums.discount AS discount, sums.saving AS saving, sums.refunded AS refunded,
  sums.amount AS amount, coalesce(people.members, 0) AS members
FROM (
  SELECT r.level AS level, sum(r.sales) AS sales, sum(r.refunds) AS refunds,
    sum(r.gross) AS gross, sum(r.discount) AS discount, sum(r.saving) AS saving,
    sum(r.refunded) AS refunded, sum(r.amount) AS amount
  FROM span CROSS JOIN roll_sale AS r
  WHERE r.org = :org AND r.period >= span.low AND r.period <= span.high
    AND (:stores = '' OR r.store IN (SELECT id FROM shop))
    AND (:stall < 0 OR r.stall = :stall) AND (:terminal < 0 OR r.terminal = :terminal)
  GROUP BY r.level
) AS sums
LEFT JOIN (
  SELECT m.level AS level, count(DISTINCT m.member) AS members
  FROM long_span CROSS JOIN roll_member AS m
  WHERE m.org = :org AND m.period >= long_span.low AND m.period <= long_span.high
    AND (:stores = '' OR m.store IN (SELECT id FROM shop))
  GROUP BY m.level
) AS people ON people.level = sums.level
ORDER BY sums.level
