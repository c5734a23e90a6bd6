SELECT id FROM account WHERE org = :org AND code = :code
