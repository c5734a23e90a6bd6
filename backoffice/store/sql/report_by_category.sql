SELECT coalesce(w.category, '') AS category, count(DISTINCT sums.plu) AS products,
  sum(sums.lines) AS lines, sum(sums.discount) AS discount,
  sum(sums.member_amount) AS member_amount, sum(sums.refunded) AS refunded,
  sum(sums.amount) AS amount
FROM (
  SELECT r.plu AS plu, sum(r.lines) AS lines, sum(r.discount) AS discount,
    sum(r.member_amount) AS member_amount, sum(r.refunded) AS refunded, sum(r.amount) AS amount
  FROM span CROSS JOIN roll_product AS r
  WHERE r.org = :org AND r.period >= span.low AND r.period <= span.high
    AND (:stores = '' OR r.store IN (SELECT id FROM shop))
  GROUP BY r.plu
) AS sums
LEFT JOIN product_word AS w ON w.org = :org AND w.plu = sums.plu
GROUP BY coalesce(w.category, '')
ORDER BY coalesce(w.category, '')
