SELECT kind, amount FROM sale_rounding WHERE org = :org AND sale = :sale ORDER BY n
