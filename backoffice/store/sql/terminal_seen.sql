UPDATE terminal SET seen_at = :at, seen_state = :state,
  unsent = CASE WHEN :state = 0 AND :said_at < seen_at - 90000 THEN unsent ELSE :unsent END,
  upload = CASE WHEN :state = 1 THEN :upload ELSE upload END,
  waits_since = CASE WHEN :state = 1 THEN :waits_since ELSE waits_since END,
  software = CASE WHEN :software = '' THEN software ELSE :software END
WHERE org = :org AND id = :id
