INSERT INTO purse_record (org, card, op, attempt, kind, counter, amount, balance_after, terminal,
  terminal_serial, moment, tac, verdict, at)
VALUES (:org, :card, :op, :attempt, :kind, :counter, :amount, :balance_after, :terminal,
  :terminal_serial, :moment, :tac, :verdict, :at)
ON CONFLICT (org, card, op, attempt, kind) DO NOTHING
