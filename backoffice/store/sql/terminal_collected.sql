UPDATE terminal SET collected = :number WHERE org = :org AND id = :id
