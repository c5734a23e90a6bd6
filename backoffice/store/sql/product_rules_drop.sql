DELETE FROM product_rule WHERE org = :org AND plu = :plu
