SELECT state, code, terminal, epoch, seq, hash, answer, undo_answer, card, amount, at,
       paid_seq, paid_epoch
FROM operation WHERE org = :org AND op = :op AND attempt = :attempt
