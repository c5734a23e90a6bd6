SELECT t.code, t.seen_at FROM terminal AS t
JOIN entry AS e ON e.org = t.org AND e.terminal = t.id AND e.epoch = t.epoch
WHERE t.org = :org AND t.suspended = 0 AND t.upload <> 1 AND t.key_number > 0
  AND t.seen_at > 0 AND t.seen_at < :before
  AND e.seq = (SELECT max(seq) FROM entry
    WHERE org = t.org AND terminal = t.id AND epoch = t.epoch)
  AND e.kind <> 7
