DELETE FROM cashier WHERE org = :org AND number = :number
