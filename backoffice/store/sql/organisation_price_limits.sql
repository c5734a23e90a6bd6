SELECT price_jump, price_second FROM organisation WHERE org = :org
