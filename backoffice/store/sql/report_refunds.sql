SELECT s.at AS at, s.day AS day, st.code AS store, te.code AS terminal, s.receipt AS receipt,
  s.cashier AS cashier, s.approved_by AS approved_by, s.reason AS reason, s.offline AS offline,
  (SELECT min(t.kind) FROM sale_tender AS t WHERE t.org = s.org AND t.sale = s.id) AS tender_kind,
  (SELECT count(*) FROM sale_tender AS t WHERE t.org = s.org AND t.sale = s.id) AS tenders,
  ot.code AS first_terminal, o.receipt AS first_receipt, o.day AS first_day,
  CASE WHEN o.at IS NULL THEN NULL ELSE s.at - o.at END AS after, -s.total AS refunded,
  s.uid AS uid
FROM sale AS s
JOIN store AS st ON st.org = s.org AND st.id = s.store
JOIN terminal AS te ON te.org = s.org AND te.id = s.terminal
LEFT JOIN sale AS o ON o.org = s.org AND o.uid = s.ref AND s.ref <> x''
LEFT JOIN terminal AS ot ON ot.org = o.org AND ot.id = o.terminal
WHERE s.org = :org AND s.kind = 2 AND s.day >= :first AND s.day <= :last
  AND (:stores = '' OR s.store IN (SELECT id FROM shop))
  AND (:stall < 0 OR s.stall = :stall) AND (:terminal < 0 OR s.terminal = :terminal)
  AND (:cashier < 0 OR s.cashier = :cashier)
  AND (:tender < 0 OR EXISTS (
    SELECT 1 FROM sale_tender AS t WHERE t.org = s.org AND t.sale = s.id AND t.kind = :tender))
ORDER BY s.day DESC, s.id DESC
LIMIT :most
