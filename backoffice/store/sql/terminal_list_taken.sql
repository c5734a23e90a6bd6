UPDATE terminal SET list_forms = :forms, list_taken = :version,
  list_taken_at = CASE WHEN list_taken = :version AND list_taken_at > 0
    THEN list_taken_at ELSE :at END
WHERE org = :org AND id = :id
