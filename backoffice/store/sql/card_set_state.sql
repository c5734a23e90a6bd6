UPDATE card SET state = :state WHERE org = :org AND number = :number
