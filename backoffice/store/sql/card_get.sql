SELECT c.number, c.kind, c.level, c.state, c.valid_from, c.valid_to,
       a.balance + coalesce(b.balance, 0), c.account,
       c.token_seq, c.token, c.previous_token, c.token_lost, c.approved_at, c.chip, c.opening,
       coalesce(b.balance, 0), c.class, c.holder, c.ended, c.replaces, c.replaced_by, c.held_until,
       c.batch, c.member, c.lost_at
FROM card AS c
LEFT JOIN account AS a ON a.org = c.org AND a.id = c.account
LEFT JOIN account AS b ON b.org = c.org AND b.id = c.bonus_account
WHERE c.org = :org AND c.number = :number
