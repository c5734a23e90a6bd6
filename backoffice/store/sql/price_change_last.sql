SELECT max(id) FROM price_change WHERE org = :org
