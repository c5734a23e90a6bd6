SELECT id, receipt, kind, day, shift, cashier, list_version, member, level, total, ref,
  price_interval
FROM sale
WHERE org = :org AND terminal = :terminal AND epoch = :epoch
  AND receipt >= :first AND receipt <= :last
ORDER BY receipt, id
