SELECT id FROM store WHERE org = :org AND code = :code
