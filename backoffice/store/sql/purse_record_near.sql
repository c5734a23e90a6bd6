SELECT kind, counter, amount, balance_after, terminal, terminal_serial, moment, tac, verdict, op
FROM purse_record
WHERE org = :org AND card = :card AND (counter BETWEEN :low AND :high OR kind IN (1, 2, 3))
ORDER BY counter, moment, at
