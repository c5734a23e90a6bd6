-- What every report is asked: ranges of days and months that together hold each day once, the same
-- with whole years, all before the period, and the stores asked for ('' = all). A range from 1 to 0 holds nothing.
WITH span (low, high) AS (
  VALUES (:day_1, :day_2), (:month_1, :month_2), (:day_3, :day_4)
),
long_span (low, high) AS (
  VALUES (:day_1, :day_2), (:early_1, :early_2), (:year_1, :year_2), (:late_1, :late_2),
    (:day_3, :day_4)
),
past_span (low, high) AS (
  VALUES (:past_day_1, :past_day_2), (:past_month_1, :past_month_2), (:past_day_3, :past_day_4)
),
shop (id, code, name) AS (
  SELECT id, code, name FROM store
  WHERE org = :org AND (:stores = '' OR replace(:stores, ',' || code || ',', '') <> :stores)
)
