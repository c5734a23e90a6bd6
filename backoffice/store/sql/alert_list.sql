SELECT id, at, word, terminal, card, op, detail FROM alert
WHERE org = :org ORDER BY id DESC LIMIT :most
