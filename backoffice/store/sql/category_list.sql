SELECT DISTINCT category FROM product_word WHERE org = :org ORDER BY category
