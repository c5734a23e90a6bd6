UPDATE organisation SET price_jump = :jump, price_second = :second WHERE org = :org
