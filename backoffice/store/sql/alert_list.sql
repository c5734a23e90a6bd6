SELECT a.id, a.at, a.word, a.terminal, a.card, a.op, a.detail,
  coalesce(s.person, ''), coalesce(s.reason, ''), coalesce(s.at, 0)
FROM alert AS a
LEFT JOIN settlement AS s ON s.org = a.org AND s.subject = 'alert' AND s.number = a.id
WHERE a.org = :org ORDER BY a.id DESC LIMIT :most
