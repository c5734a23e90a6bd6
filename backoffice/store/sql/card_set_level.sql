UPDATE card SET level = :level WHERE org = :org AND number = :number
