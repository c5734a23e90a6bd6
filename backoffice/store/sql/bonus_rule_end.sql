UPDATE bonus_rule SET last_day = :last_day WHERE org = :org AND id = :id
