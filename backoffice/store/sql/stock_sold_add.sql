INSERT INTO stock_sold (org, store, stall, plu, unit, since, day, quantity)
VALUES (:org, :store, :stall, :plu, :unit, :since, :day, :quantity)
ON CONFLICT (org, store, stall, plu, unit, since, day)
DO UPDATE SET quantity = stock_sold.quantity + excluded.quantity
