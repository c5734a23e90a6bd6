UPDATE operation SET state = :state, paid_seq = :paid_seq
WHERE org = :org AND op = :op AND attempt = :attempt
