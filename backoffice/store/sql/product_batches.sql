SELECT b.plu, b.origin, b.batch, b.day FROM product_batch AS b
WHERE b.org = :org AND b.day = (
  SELECT max(c.day) FROM product_batch AS c
  WHERE c.org = b.org AND c.plu = b.plu AND c.day <= :day
)
ORDER BY b.plu
