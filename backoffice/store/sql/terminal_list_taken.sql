UPDATE terminal SET list_forms = :forms, list_taken = :version,
  list_taken_at = CASE WHEN list_taken = :version THEN list_taken_at ELSE :at END
WHERE org = :org AND id = :id
