SELECT DISTINCT card FROM purse_record WHERE org = :org ORDER BY card
