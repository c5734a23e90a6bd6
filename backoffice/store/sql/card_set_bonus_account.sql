UPDATE card SET bonus_account = :account WHERE org = :org AND number = :number
