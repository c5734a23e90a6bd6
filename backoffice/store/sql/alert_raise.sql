INSERT INTO alert (org, id, at, word, terminal, card, op, detail)
VALUES (:org, :id, :at, :word, :terminal, :card, :op, :detail)
