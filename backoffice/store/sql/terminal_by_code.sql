SELECT t.org, t.id, t.code, s.id, s.code, t.stall, t.suspended, t.key_number, t.epoch,
       o.zone, o.cutoff_hour, o.currency, o.exponent, o.name, s.name, o.list_version
FROM terminal AS t
JOIN store AS s ON s.org = t.org AND s.id = t.store
JOIN organisation AS o ON o.org = t.org
WHERE t.code = :code
