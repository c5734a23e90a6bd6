INSERT INTO sale (org, id, uid, terminal, store, epoch, seq, attempt, receipt, at, received_at, day,
  shift, cashier, kind, member, level, list_version, total, saving, ref, faults,
  price_interval, stall)
VALUES (:org, :id, :uid, :terminal, :store, :epoch, :seq, :attempt, :receipt, :at, :received_at, :day,
  :shift, :cashier, :kind, :member, :level, :list_version, :total, :saving, :ref, :faults,
  :price_interval, :stall)
ON CONFLICT (org, uid) DO NOTHING
