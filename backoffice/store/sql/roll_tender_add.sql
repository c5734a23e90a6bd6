INSERT INTO roll_tender (org, period, store, stall, terminal, cashier, level, kind, payments,
    amount,
    refunds, refunded, mixed)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (org, period, store, stall, terminal, cashier, level, kind) DO UPDATE SET
  payments = roll_tender.payments + excluded.payments,
  amount = roll_tender.amount + excluded.amount,
  refunds = roll_tender.refunds + excluded.refunds,
  refunded = roll_tender.refunded + excluded.refunded,
  mixed = roll_tender.mixed + excluded.mixed
