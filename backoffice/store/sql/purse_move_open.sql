SELECT op, card, reason, amount, bonus, state, told, at FROM purse_move
WHERE org = :org AND card = :card AND state < 3
