SELECT sums.plu AS plu, w.name_en AS name_en, w.name_zh AS name_zh,
  coalesce(w.category, '') AS category, sums.*
FROM (
  SELECT r.plu AS plu, r.unit AS unit, sum(r.lines) AS lines, sum(r.quantity) AS quantity,
    sum(r.discount) AS discount, sum(r.member_amount) AS member_amount,
    sum(r.refunded) AS refunded, sum(r.amount) AS amount
  FROM span CROSS JOIN roll_product AS r
  WHERE r.org = :org AND r.period >= span.low AND r.period <= span.high
    AND (:stores = '' OR r.store IN (SELECT id FROM shop))
    AND (:product < 0 OR r.plu = :product)
  GROUP BY r.plu, r.unit
) AS sums
LEFT JOIN product_word AS w ON w.org = :org AND w.plu = sums.plu
WHERE :category = '*' OR coalesce(w.category, '') = :category
ORDER BY sums.plu, sums.unit
