INSERT INTO roll_sale (org, period, store, stall, terminal, cashier, level, sales, refunds, lines,
    gross,
    discount, saving,
  rounding, goodwill, refunded, amount, grams, offline, late, faulty, last_at, last_received,
  longest_delay)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (org, period, store, stall, terminal, cashier, level) DO UPDATE SET
  sales = roll_sale.sales + excluded.sales,
  refunds = roll_sale.refunds + excluded.refunds,
  lines = roll_sale.lines + excluded.lines,
  gross = roll_sale.gross + excluded.gross,
  discount = roll_sale.discount + excluded.discount,
  saving = roll_sale.saving + excluded.saving,
  rounding = roll_sale.rounding + excluded.rounding,
  goodwill = roll_sale.goodwill + excluded.goodwill,
  refunded = roll_sale.refunded + excluded.refunded,
  amount = roll_sale.amount + excluded.amount,
  grams = roll_sale.grams + excluded.grams,
  offline = roll_sale.offline + excluded.offline,
  late = roll_sale.late + excluded.late,
  faulty = roll_sale.faulty + excluded.faulty,
  last_at = CASE WHEN excluded.last_at > roll_sale.last_at THEN excluded.last_at ELSE
    roll_sale.last_at END,
  last_received = CASE WHEN excluded.last_received > roll_sale.last_received THEN
    excluded.last_received ELSE roll_sale.last_received END,
  longest_delay = CASE WHEN excluded.longest_delay > roll_sale.longest_delay THEN
    excluded.longest_delay ELSE roll_sale.longest_delay END
