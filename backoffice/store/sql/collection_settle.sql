UPDATE collection SET state = :state, settled_at = :settled_at, reference = :reference
WHERE org = :org AND id = :id
