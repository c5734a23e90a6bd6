INSERT INTO roll_product (org, period, store, plu, unit, lines, quantity, amount, discount,
    member_amount, refunds,
  refunded)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (org, period, store, plu, unit) DO UPDATE SET
  lines = roll_product.lines + excluded.lines,
  quantity = roll_product.quantity + excluded.quantity,
  amount = roll_product.amount + excluded.amount,
  discount = roll_product.discount + excluded.discount,
  member_amount = roll_product.member_amount + excluded.member_amount,
  refunds = roll_product.refunds + excluded.refunds,
  refunded = roll_product.refunded + excluded.refunded
