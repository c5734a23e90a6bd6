SELECT at, word, person, reason, detail FROM card_event
WHERE org = :org AND card = :card ORDER BY id
