UPDATE terminal SET asked = :number WHERE org = :org AND id = :id
