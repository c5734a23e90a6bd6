SELECT w.plu AS plu, w.name_en AS name_en, w.name_zh AS name_zh
FROM sale_line AS l JOIN product_word AS w ON w.org = l.org AND w.plu = l.plu
WHERE l.org = :org AND l.sale = :sale
