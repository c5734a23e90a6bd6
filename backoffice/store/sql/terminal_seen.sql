UPDATE terminal SET seen_at = :at, seen_state = :state, unsent = :unsent
WHERE org = :org AND id = :id
