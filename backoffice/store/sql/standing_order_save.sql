INSERT INTO standing_order (org, card, below, amount, mandate, made_at, ended_at)
VALUES (:org, :card, :below, :amount, :mandate, :made_at, :ended_at)
ON CONFLICT (org, card) DO UPDATE SET below = excluded.below, amount = excluded.amount,
  mandate = excluded.mandate, made_at = excluded.made_at, ended_at = excluded.ended_at
