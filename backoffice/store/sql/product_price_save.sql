INSERT INTO product_price (org, plu, level, price) VALUES (?, ?, ?, ?)
