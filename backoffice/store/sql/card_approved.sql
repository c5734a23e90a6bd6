UPDATE card SET token_seq = :token_seq, token = :token, previous_token = :previous_token,
  token_lost = :token_lost, approved_at = :approved_at
WHERE org = :org AND number = :number
