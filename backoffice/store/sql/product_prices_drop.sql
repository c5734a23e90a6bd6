DELETE FROM product_price WHERE org = :org AND plu = :plu
