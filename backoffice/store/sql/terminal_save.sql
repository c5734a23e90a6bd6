INSERT INTO terminal (org, id, code, store, stall, stall_id)
VALUES (:org, :id, :code, :store, :stall, :stall_id)
ON CONFLICT (org, id) DO UPDATE SET
  store = excluded.store, stall = excluded.stall, stall_id = excluded.stall_id
