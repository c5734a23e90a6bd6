INSERT INTO operation
  (org, op, attempt, state, code, terminal, epoch, seq, hash, answer, undo_answer, card, amount, at,
   paid_seq, paid_epoch)
VALUES
  (:org, :op, :attempt, :state, :code, :terminal, :epoch, :seq, :hash, :answer, :undo_answer, :card,
   :amount, :at, :paid_seq, :paid_epoch)
ON CONFLICT (org, op, attempt) DO UPDATE SET
  state = excluded.state, code = excluded.code, epoch = excluded.epoch, seq = excluded.seq,
  hash = excluded.hash, answer = excluded.answer, undo_answer = excluded.undo_answer,
  card = excluded.card, amount = excluded.amount, at = excluded.at, paid_seq = excluded.paid_seq,
  paid_epoch = excluded.paid_epoch
