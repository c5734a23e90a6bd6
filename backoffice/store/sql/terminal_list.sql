SELECT t.code, s.code, t.stall, t.suspended, t.key_number, t.epoch, t.seen_at, t.seen_state, t.unsent,
       t.upload, t.waits_since
FROM terminal AS t JOIN store AS s ON s.org = t.org AND s.id = t.store
WHERE t.org = :org ORDER BY t.code
