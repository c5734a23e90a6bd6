SELECT st.code AS store, st.name AS store_name, te.code AS terminal, te.stall AS stall,
  s.epoch AS epoch, s.receipt AS receipt, s.at AS at, s.received_at AS received_at,
  s.offline AS offline, s.reason AS reason, s.approved_by AS approved_by, s.faults AS faults,
  s.id AS id
FROM sale AS s
JOIN store AS st ON st.org = s.org AND st.id = s.store
JOIN terminal AS te ON te.org = s.org AND te.id = s.terminal
WHERE s.org = :org AND s.uid = :uid
