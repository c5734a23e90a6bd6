DELETE FROM product_word WHERE org = :org
