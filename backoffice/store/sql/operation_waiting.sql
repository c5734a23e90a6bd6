SELECT op, attempt, paid_seq FROM operation
WHERE org = :org AND terminal = :terminal AND state = 7
  AND paid_epoch IN (0, :epoch) AND paid_seq <= :upto
ORDER BY paid_seq
