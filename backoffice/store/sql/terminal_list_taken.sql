UPDATE terminal SET list_taken = :version, list_taken_at = :at
WHERE org = :org AND id = :id AND list_taken <> :version
