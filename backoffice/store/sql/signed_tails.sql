-- Of each epoch since a scale told its first key: the entries after the last signature.
SELECT t.code AS code, e.epoch AS epoch, min(e.seq) AS first, max(e.seq) AS last,
  count(*) AS entries, max(e.received_at) - min(e.received_at) AS during_ms
FROM terminal AS t
JOIN (SELECT org, terminal, min(epoch) AS epoch FROM terminal_key GROUP BY org, terminal) AS k
  ON k.org = t.org AND k.terminal = t.id
JOIN mark AS m ON m.org = t.org AND m.terminal = t.id AND m.epoch >= k.epoch
JOIN entry AS e ON e.org = m.org AND e.terminal = m.terminal AND e.epoch = m.epoch
  AND e.seq > coalesce((SELECT max(s.seq) FROM signed_head AS s
    WHERE s.org = m.org AND s.terminal = m.terminal AND s.epoch = m.epoch), 0)
WHERE t.org = :org
GROUP BY t.code, e.epoch
ORDER BY t.code, e.epoch
