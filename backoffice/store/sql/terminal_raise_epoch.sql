UPDATE terminal SET epoch = :epoch WHERE org = :org AND id = :id AND epoch < :epoch
