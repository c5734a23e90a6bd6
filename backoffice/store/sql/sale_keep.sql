INSERT INTO sale (org, id, uid, terminal, store, epoch, seq, attempt, receipt, at, received_at, day,
  shift, cashier, kind, member, level, list_version, total, saving, ref, faults,
  price_interval, stall, hour, offline, reason, approved_by)
VALUES (:org, :id, :uid, :terminal, :store, :epoch, :seq, :attempt, :receipt, :at, :received_at, :day,
  :shift, :cashier, :kind, :member, :level, :list_version, :total, :saving, :ref, :faults,
  :price_interval, :stall, :hour, :offline, :reason, :approved_by)
ON CONFLICT (org, uid) DO NOTHING
