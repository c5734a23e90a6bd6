SELECT seq, body FROM entry
WHERE org = :org AND terminal = :terminal AND epoch = :epoch AND seq > :after AND seq <= :upto
ORDER BY seq
