INSERT INTO roll_value (org, period, place, reason, part, moves, given, taken)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (org, period, place, reason, part) DO UPDATE SET
  moves = roll_value.moves + excluded.moves,
  given = roll_value.given + excluded.given,
  taken = roll_value.taken + excluded.taken
