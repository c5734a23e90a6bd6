SELECT 1 FROM alert
WHERE org = :org AND word = :word AND at >= :since AND terminal = :terminal
  AND (:card IS NULL OR card = :card) AND (:op = x'' OR op = :op)
LIMIT 1
