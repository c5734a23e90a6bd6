INSERT INTO product (org, plu, name_zh, name_en, pinyin, base, tare, key, category, barcode,
  changed_in, changed_by)
VALUES (:org, :plu, :name_zh, :name_en, :pinyin, :base, :tare, :key, :category, :barcode,
  :changed_in, :changed_by)
ON CONFLICT (org, plu) DO UPDATE SET
  name_zh = excluded.name_zh, name_en = excluded.name_en, pinyin = excluded.pinyin,
  base = excluded.base, tare = excluded.tare, key = excluded.key, category = excluded.category,
  barcode = excluded.barcode, changed_in = excluded.changed_in, changed_by = excluded.changed_by
