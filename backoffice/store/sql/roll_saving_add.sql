INSERT INTO roll_saving (org, period, store, level, rule, lines, gross, saving, discount)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (org, period, store, level, rule) DO UPDATE SET
  lines = roll_saving.lines + excluded.lines,
  gross = roll_saving.gross + excluded.gross,
  saving = roll_saving.saving + excluded.saving,
  discount = roll_saving.discount + excluded.discount
