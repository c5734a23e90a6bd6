UPDATE terminal SET suspended = :suspended WHERE org = :org AND id = :id
