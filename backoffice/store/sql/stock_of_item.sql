SELECT id, day, word, quantity, cost FROM stock_move
WHERE org = :org AND store = :store AND stall = :stall AND plu = :plu AND unit = :unit ORDER BY id
