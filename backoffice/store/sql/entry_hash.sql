SELECT hash FROM entry WHERE org = :org AND terminal = :terminal AND epoch = :epoch AND seq = :seq
