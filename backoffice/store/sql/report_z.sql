SELECT z.day AS day, shop.code AS store, te.code AS terminal, z.shift AS shift,
  z.cashier AS cashier, z.opened_at AS opened_at, z.at AS at, z.sales AS sales, z.total AS amount,
  z.cash AS cash, z.stored_value AS stored_value, z.city_card AS city_card, z.qr AS qr,
  z.rounding AS rounding, z.saving AS saving, z.reversals AS reversals,
  z.first_receipt AS first_receipt, z.last_receipt AS last_receipt, z.agrees AS agrees,
  z.difference AS difference
FROM z_report AS z
JOIN terminal AS te ON te.org = z.org AND te.id = z.terminal
JOIN shop ON shop.id = te.store
WHERE z.org = :org AND z.day >= :first AND z.day <= :last
  AND (:terminal < 0 OR z.terminal = :terminal) AND (:stall < 0 OR te.stall_id = :stall)
  AND (:cashier < 0 OR z.cashier = :cashier)
ORDER BY z.day DESC, z.terminal, z.epoch DESC, z.seq DESC
LIMIT :most
