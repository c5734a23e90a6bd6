SELECT coalesce(max(receipt), 0) FROM sale
WHERE org = :org AND terminal = :terminal AND epoch =
  (SELECT max(epoch) FROM sale WHERE org = :org AND terminal = :terminal)
