SELECT op, card, reason, amount, bonus, state, told, at FROM purse_move
WHERE org = :org AND state < 3 ORDER BY at
