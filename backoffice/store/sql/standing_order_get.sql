SELECT card, below, amount, mandate, made_at, ended_at FROM standing_order
WHERE org = :org AND card = :card
