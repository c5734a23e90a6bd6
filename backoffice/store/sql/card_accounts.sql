SELECT account, bonus_account FROM card WHERE org = :org AND number = :number
