INSERT INTO product_rule (org, plu, n, kind, least, first_day, last_day, prices)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
