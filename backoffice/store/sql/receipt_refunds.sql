SELECT s.uid AS uid, te.code AS terminal, s.receipt AS receipt, s.total AS amount
FROM sale AS s JOIN terminal AS te ON te.org = s.org AND te.id = s.terminal
WHERE s.org = :org AND s.ref = :uid AND s.ref <> x''
ORDER BY s.id
