SELECT t.code, s.epoch, s.receipt, e.body,
  (SELECT i.body FROM operation AS o
   JOIN entry AS i ON i.org = o.org AND i.terminal = o.terminal AND i.epoch = o.epoch
     AND i.seq = o.seq
   WHERE o.org = s.org AND o.op = s.uid AND o.attempt = s.attempt) AS intent,
  s.terminal
FROM sale AS s
JOIN terminal AS t ON t.org = s.org AND t.id = s.terminal
LEFT JOIN entry AS e ON e.org = s.org AND e.terminal = s.terminal AND e.epoch = s.epoch
  AND e.seq = s.seq
WHERE s.org = :org
ORDER BY s.id
