UPDATE card SET member = :member WHERE org = :org AND number = :number
