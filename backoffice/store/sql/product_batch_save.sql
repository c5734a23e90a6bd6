INSERT INTO product_batch (org, plu, day, origin, batch) VALUES (:org, :plu, :day, :origin, :batch)
ON CONFLICT (org, plu, day) DO UPDATE SET origin = excluded.origin, batch = excluded.batch
