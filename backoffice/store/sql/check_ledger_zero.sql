SELECT coalesce(sum(balance), 0) AS total FROM account WHERE org = :org
