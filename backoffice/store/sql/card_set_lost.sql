UPDATE card SET lost_at = :lost_at WHERE org = :org AND number = :number
