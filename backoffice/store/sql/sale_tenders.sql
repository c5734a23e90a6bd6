SELECT kind, amount, card FROM sale_tender WHERE org = :org AND sale = :sale ORDER BY n
