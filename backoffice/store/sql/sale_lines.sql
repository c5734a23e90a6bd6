SELECT plu, quantity, unit, unit_price, base, shelf_price, tare, discount, amount, flags
FROM sale_line WHERE org = :org AND sale = :sale ORDER BY n
