SELECT id FROM stock_move WHERE org = :org AND undoes = :id AND undoes <> 0
