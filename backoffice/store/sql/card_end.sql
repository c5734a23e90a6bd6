UPDATE card SET state = :state, ended = :ended, replaced_by = :replaced_by, held_until = :held_until
WHERE org = :org AND number = :number
