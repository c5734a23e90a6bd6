SELECT id, receipt, kind, day, shift, cashier, list_version, member, level, total, ref,
  price_interval
FROM sale
WHERE org = :org AND uid = :uid
