SELECT q.id, q.at, q.topic, q.reason, q.detail, q.length,
  coalesce(s.word, ''), coalesce(s.person, ''), coalesce(s.reason, ''), coalesce(s.at, 0)
FROM quarantine AS q
LEFT JOIN settlement AS s ON s.org = :org AND s.subject = 'quarantine' AND s.number = q.id
WHERE q.id < :before AND (:settled = 1 OR s.id IS NULL)
ORDER BY q.id DESC LIMIT :most
