UPDATE card SET chip = :chip WHERE org = :org AND number = :number
