SELECT plu, name_zh, name_en, base, tare, key, category, barcode, pinyin, changed_in, changed_by
FROM product WHERE org = :org ORDER BY plu
