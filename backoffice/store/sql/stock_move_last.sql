SELECT coalesce(max(id), 0) FROM stock_move WHERE org = :org
