UPDATE card SET batch = :batch WHERE org = :org AND number = :number
