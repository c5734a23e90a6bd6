SELECT id, at, word, terminal, card, op, detail FROM alert
WHERE org = :org AND id > :after ORDER BY id LIMIT :most
