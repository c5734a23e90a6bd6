SELECT a.id, a.at, a.word, a.terminal, a.card, a.detail,
  coalesce(s.person, ''), coalesce(s.reason, ''), coalesce(s.at, 0), coalesce(st.code, '')
FROM alert AS a
LEFT JOIN settlement AS s ON s.org = a.org AND s.subject = 'alert' AND s.number = a.id
LEFT JOIN terminal AS t ON t.code = a.terminal
LEFT JOIN store AS st ON st.org = t.org AND st.id = t.store
WHERE a.org = :org AND a.id < :before
  AND (:settled = 1 OR s.id IS NULL)
  AND (:store = '' OR st.code = :store)
ORDER BY a.id DESC LIMIT :most
