INSERT INTO card_event (org, id, at, card, word, person, reason, detail)
VALUES (:org, (SELECT coalesce(max(id), 0) + 1 FROM card_event WHERE org = :org), :at, :card, :word,
  :person, :reason, :detail)
