UPDATE terminal SET stall = :name WHERE org = :org AND stall_id = :stall
