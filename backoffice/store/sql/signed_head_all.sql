SELECT t.code AS code, s.terminal AS terminal, s.epoch AS epoch, s.seq AS seq, s.head AS head,
  s.signature AS signature, k.key AS key
FROM signed_head AS s
JOIN terminal AS t ON t.org = s.org AND t.id = s.terminal
LEFT JOIN terminal_key AS k ON k.org = s.org AND k.terminal = s.terminal AND k.number = s.number
WHERE s.org = :org ORDER BY s.terminal, s.epoch, s.seq
