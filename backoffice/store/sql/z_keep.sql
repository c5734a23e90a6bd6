INSERT INTO z_report (org, terminal, epoch, seq, day, shift, agrees, difference, at, cashier,
  opened_at, sales, lines, total, saving, rounding, reversals, first_receipt, last_receipt, cash,
  stored_value, city_card, qr)
VALUES (:org, :terminal, :epoch, :seq, :day, :shift, :agrees, :difference, :at, :cashier,
  :opened_at, :sales, :lines, :total, :saving, :rounding, :reversals, :first_receipt,
  :last_receipt, :cash, :stored_value, :city_card, :qr)
ON CONFLICT (org, terminal, epoch, seq) DO UPDATE SET
  agrees = excluded.agrees, difference = excluded.difference
