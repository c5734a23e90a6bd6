SELECT t.id, t.code, s.code, t.epoch, coalesce(m.upto, 0), t.seen_at, t.seen_state, t.unsent,
       s.upload, t.upload, t.waits_since, t.asked, t.collected,
       CASE WHEN s.zone = '' THEN o.zone ELSE s.zone END
FROM terminal AS t
JOIN store AS s ON s.org = t.org AND s.id = t.store
JOIN organisation AS o ON o.org = t.org
LEFT JOIN mark AS m ON m.org = t.org AND m.terminal = t.id AND m.epoch = t.epoch
WHERE t.org = :org AND t.key_number > 0 AND t.suspended = 0
ORDER BY s.code, t.code
