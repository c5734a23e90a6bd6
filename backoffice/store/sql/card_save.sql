INSERT INTO card (org, number, chip, kind, level, state, valid_from, valid_to, token_seq, token,
  opening, issued_at, class, holder, replaces, batch, member)
VALUES (:org, :number, :chip, :kind, :level, :state, :valid_from, :valid_to, :token_seq, :token,
  :opening, :issued_at, :class, :holder, :replaces, :batch, :member)
