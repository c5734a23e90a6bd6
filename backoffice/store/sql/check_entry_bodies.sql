SELECT t.code AS terminal, e.epoch AS epoch, e.seq AS seq, e.kind AS kind, e.hash AS hash, e.body AS body
FROM entry AS e JOIN terminal AS t ON t.org = e.org AND t.id = e.terminal
WHERE e.org = :org
ORDER BY e.terminal, e.epoch, e.seq
