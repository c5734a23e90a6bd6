SELECT upto, highest, head FROM mark WHERE org = :org AND terminal = :terminal AND epoch = :epoch
