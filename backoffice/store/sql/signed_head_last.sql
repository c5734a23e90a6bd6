SELECT max(seq) FROM signed_head WHERE org = :org AND terminal = :terminal AND epoch = :epoch
