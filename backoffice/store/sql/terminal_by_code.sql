SELECT t.org, t.id, t.code, s.id, s.code, t.stall, t.suspended, t.key_number, t.epoch,
       CASE WHEN s.zone = '' THEN o.zone ELSE s.zone END,
       CASE WHEN s.cutoff_hour < 0 THEN o.cutoff_hour ELSE s.cutoff_hour END,
       o.currency, o.exponent, o.name, s.name, o.list_version, t.stall_id,
       t.list_taken, t.list_forms, t.list_sent_at, t.list_taken_at,
       s.upload, t.asked, t.collected
FROM terminal AS t
JOIN store AS s ON s.org = t.org AND s.id = t.store
JOIN organisation AS o ON o.org = t.org
WHERE t.code = :code
