DELETE FROM product WHERE org = :org AND plu = :plu
