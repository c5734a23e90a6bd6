INSERT INTO roll_member (org, period, store, member, level, visits, amount, saved, last_day)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (org, period, store, member, level) DO UPDATE SET
  visits = roll_member.visits + excluded.visits,
  amount = roll_member.amount + excluded.amount,
  saved = roll_member.saved + excluded.saved,
  last_day = CASE WHEN excluded.last_day > roll_member.last_day THEN excluded.last_day ELSE
    roll_member.last_day END
