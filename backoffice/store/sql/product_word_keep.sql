INSERT INTO product_word (org, plu, name_en, name_zh, category) VALUES (?, ?, ?, ?, ?)
