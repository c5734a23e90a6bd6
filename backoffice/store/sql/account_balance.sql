SELECT balance FROM account WHERE org = :org AND code = :code
