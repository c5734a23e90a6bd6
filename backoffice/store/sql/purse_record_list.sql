SELECT kind, counter, amount, balance_after, terminal, terminal_serial, moment, tac, verdict, op
FROM purse_record WHERE org = :org AND card = :card ORDER BY counter, moment, at
