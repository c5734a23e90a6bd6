UPDATE terminal SET seen_at = :at, seen_state = :state, unsent = :unsent,
  software = CASE WHEN :software = '' THEN software ELSE :software END
WHERE org = :org AND id = :id
