SELECT epoch, upto FROM mark
WHERE org = :org AND terminal = :terminal AND epoch < :epoch
ORDER BY epoch DESC
LIMIT :most
