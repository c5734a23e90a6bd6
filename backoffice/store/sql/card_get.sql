SELECT c.number, c.kind, c.level, c.state, c.valid_from, c.valid_to, a.balance, c.account,
       c.token_seq, c.token, c.previous_token, c.token_lost, c.approved_at, c.chip, c.opening
FROM card AS c LEFT JOIN account AS a ON a.org = c.org AND a.id = c.account
WHERE c.org = :org AND c.number = :number
