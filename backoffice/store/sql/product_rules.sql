SELECT plu, kind, prices, least, first_day, last_day FROM product_rule WHERE org = :org ORDER BY plu, n
