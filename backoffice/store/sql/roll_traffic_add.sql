INSERT INTO roll_traffic (org, period, terminal, entries, bytes)
VALUES (?, ?, ?, ?, ?)
ON CONFLICT (org, period, terminal) DO UPDATE SET
  entries = roll_traffic.entries + excluded.entries,
  bytes = roll_traffic.bytes + excluded.bytes
