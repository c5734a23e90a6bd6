UPDATE terminal SET list_sent_at = :at WHERE org = :org AND id = :id
