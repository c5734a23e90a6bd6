SELECT s.id, s.uid, t.code, st.code, coalesce(l.code, ''), s.receipt, s.at, s.received_at, s.day,
       s.shift, s.cashier, s.kind, s.level, s.total, s.saving
FROM sale AS s
JOIN terminal AS t ON t.org = s.org AND t.id = s.terminal
JOIN store AS st ON st.org = s.org AND st.id = s.store
LEFT JOIN stall AS l ON l.org = s.org AND l.id = s.stall
WHERE s.org = :org AND s.id > :after ORDER BY s.id LIMIT :most
