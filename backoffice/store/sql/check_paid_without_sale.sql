SELECT t.code AS terminal, e.epoch AS epoch, e.seq AS seq, e.terminal AS id, e.body AS body
FROM entry AS e
JOIN terminal AS t ON t.org = e.org AND t.id = e.terminal
LEFT JOIN sale AS s
  ON s.org = e.org AND s.terminal = e.terminal AND s.epoch = e.epoch AND s.seq = e.seq
WHERE e.org = :org AND e.kind = 2 AND s.id IS NULL
ORDER BY t.code, e.epoch, e.seq
