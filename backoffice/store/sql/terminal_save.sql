INSERT INTO terminal (org, id, code, store, stall) VALUES (:org, :id, :code, :store, :stall)
ON CONFLICT (org, id) DO UPDATE SET store = excluded.store, stall = excluded.stall
