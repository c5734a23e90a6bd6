UPDATE card SET account = :account WHERE org = :org AND number = :number
