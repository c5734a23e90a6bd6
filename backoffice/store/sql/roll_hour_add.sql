INSERT INTO roll_hour (org, period, store, weekday, hour, sales, amount)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (org, period, store, weekday, hour) DO UPDATE SET
  sales = roll_hour.sales + excluded.sales,
  amount = roll_hour.amount + excluded.amount
