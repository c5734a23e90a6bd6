SELECT coalesce(shop.code, '') AS store, coalesce(shop.name, '') AS name, sums.*
FROM (
  SELECT v.place AS place,
    sum(CASE WHEN v.is_now = 0 THEN v.given - v.taken ELSE 0 END) AS opening,
    sum(CASE WHEN v.is_now = 1 AND v.reason IN (4, 5) AND v.part = 0 THEN v.given ELSE 0 END)
      AS loaded,
    sum(CASE WHEN v.is_now = 1 AND v.reason IN (4, 5) AND v.part = 1 THEN v.given ELSE 0 END)
      AS bonus,
    sum(CASE WHEN v.is_now = 1 AND v.reason IN (1, 6) THEN v.taken
             WHEN v.is_now = 1 AND v.reason = 3 THEN v.taken - v.given ELSE 0 END) AS spent,
    sum(CASE WHEN v.is_now = 1 AND v.reason IN (1, 6) THEN v.given ELSE 0 END) AS refunded,
    sum(CASE WHEN v.is_now = 1 AND v.reason = 8 THEN v.taken - v.given ELSE 0 END) AS paid_out,
    sum(CASE WHEN v.is_now = 1 AND v.reason = 9 THEN v.taken - v.given ELSE 0 END) AS ended,
    sum(CASE WHEN v.is_now = 1 AND v.reason IN (4, 5) THEN -v.taken
             WHEN v.is_now = 1 AND v.reason NOT IN (1, 3, 4, 5, 6, 8, 9) THEN v.given - v.taken
             ELSE 0 END) AS moved,
    sum(v.given - v.taken) AS closing
  FROM (
    SELECT 0 AS is_now, r.place AS place, r.reason AS reason, r.part AS part, r.given AS given,
      r.taken AS taken
    FROM past_span CROSS JOIN roll_value AS r
    WHERE r.org = :org AND r.period >= past_span.low AND r.period <= past_span.high
    UNION ALL
    SELECT 1 AS is_now, r.place AS place, r.reason AS reason, r.part AS part, r.given AS given,
      r.taken AS taken
    FROM span CROSS JOIN roll_value AS r
    WHERE r.org = :org AND r.period >= span.low AND r.period <= span.high
  ) AS v
  WHERE :stores = '' OR v.place IN (SELECT id FROM shop)
  GROUP BY v.place
) AS sums
LEFT JOIN shop ON shop.id = sums.place
ORDER BY coalesce(shop.code, '')
