SELECT 1 FROM alert WHERE org = :org AND id = :id
