UPDATE account SET balance = balance + :change WHERE org = :org AND id = :id
