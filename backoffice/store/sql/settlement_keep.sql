INSERT INTO settlement (org, id, subject, number, at, word, person, reason)
VALUES (:org, (SELECT coalesce(max(id), 0) + 1 FROM settlement WHERE org = :org), :subject, :number,
  :at, :word, :person, :reason)
ON CONFLICT (org, subject, number) DO NOTHING
