SELECT count(*) FROM sale
WHERE org = :org AND day = :day AND store = :store AND cashier = :cashier AND kind = 2
