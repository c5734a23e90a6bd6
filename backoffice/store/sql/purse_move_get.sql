SELECT op, card, reason, amount, bonus, state, told, at FROM purse_move WHERE op = :op
