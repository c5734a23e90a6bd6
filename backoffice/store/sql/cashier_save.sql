INSERT INTO cashier (org, number, name, store) VALUES (:org, :number, :name, :store)
ON CONFLICT (org, number) DO UPDATE SET name = excluded.name, store = excluded.store
