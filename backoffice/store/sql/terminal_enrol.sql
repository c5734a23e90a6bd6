UPDATE terminal SET key_number = key_number + 1, enrolled_at = :at WHERE org = :org AND id = :id
