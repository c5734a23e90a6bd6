SELECT count(*) FROM entry
WHERE org = :org AND terminal = :terminal AND epoch = :epoch AND seq BETWEEN :first AND :last
