SELECT since, day, quantity FROM stock_sold
WHERE org = :org AND store = :store AND stall = :stall AND plu = :plu AND unit = :unit
ORDER BY since, day
