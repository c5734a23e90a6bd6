SELECT t.code AS terminal, m.epoch AS epoch, m.upto AS upto, m.highest AS highest,
  (SELECT count(*) FROM entry AS e
   WHERE e.org = m.org AND e.terminal = m.terminal AND e.epoch = m.epoch) AS stored
FROM mark AS m JOIN terminal AS t ON t.org = m.org AND t.id = m.terminal
WHERE m.org = :org
ORDER BY t.code, m.epoch
