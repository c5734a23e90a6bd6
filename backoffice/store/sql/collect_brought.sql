SELECT
  (SELECT count(*) FROM entry WHERE org = :org AND terminal = :terminal AND epoch = :epoch
     AND seq > :upto AND received_at >= :since),
  (SELECT count(*) FROM sale WHERE org = :org AND terminal = :terminal AND epoch = :epoch
     AND seq > :upto),
  (SELECT coalesce(sum(total), 0) FROM sale WHERE org = :org AND terminal = :terminal
     AND epoch = :epoch AND seq > :upto),
  (SELECT count(*) FROM z_report WHERE org = :org AND terminal = :terminal AND epoch = :epoch
     AND seq > :upto),
  (SELECT count(*) FROM z_report WHERE org = :org AND terminal = :terminal AND epoch = :epoch
     AND seq > :upto AND agrees = 0)
