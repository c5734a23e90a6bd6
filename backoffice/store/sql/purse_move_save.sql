INSERT INTO purse_move (op, org, card, reason, amount, bonus, state, told, at)
VALUES (:op, :org, :card, :reason, :amount, :bonus, :state, :told, :at)
ON CONFLICT (op) DO UPDATE SET state = excluded.state, told = excluded.told, at = excluded.at
