SELECT card, below, amount, mandate, made_at, ended_at FROM standing_order
WHERE org = :org AND ended_at = 0 ORDER BY card
