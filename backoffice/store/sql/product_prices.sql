SELECT plu, price FROM product_price WHERE org = :org ORDER BY plu, level
