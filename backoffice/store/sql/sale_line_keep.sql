INSERT INTO sale_line (org, sale, n, plu, quantity, unit, unit_price, base, shelf_price, tare,
  discount, amount, flags)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
