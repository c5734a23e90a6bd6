SELECT s.at AS at, s.day AS day, st.code AS store, te.code AS terminal, s.receipt AS receipt,
  s.kind AS kind, s.cashier AS cashier, s.level AS level, s.offline AS offline,
  (SELECT min(t.kind) FROM sale_tender AS t WHERE t.org = s.org AND t.sale = s.id) AS tender_kind,
  (SELECT count(*) FROM sale_tender AS t WHERE t.org = s.org AND t.sale = s.id) AS tenders,
  (SELECT count(*) FROM sale_line AS l WHERE l.org = s.org AND l.sale = s.id) AS lines,
  s.saving AS saving, s.total AS amount, s.received_at AS received_at, s.uid AS uid
FROM sale AS s
JOIN store AS st ON st.org = s.org AND st.id = s.store
JOIN terminal AS te ON te.org = s.org AND te.id = s.terminal
WHERE s.org = :org AND s.day >= :first AND s.day <= :last
  AND (:stores = '' OR s.store IN (SELECT id FROM shop))
  AND (:stall < 0 OR s.stall = :stall) AND (:terminal < 0 OR s.terminal = :terminal)
  AND (:cashier < 0 OR s.cashier = :cashier) AND (:level < 0 OR s.level = :level)
  AND (:member < 0 OR s.member = :member)
  AND (:tender < 0 OR EXISTS (
    SELECT 1 FROM sale_tender AS t WHERE t.org = s.org AND t.sale = s.id AND t.kind = :tender))
  AND (:product < 0 OR EXISTS (
    SELECT 1 FROM sale_line AS l WHERE l.org = s.org AND l.sale = s.id AND l.plu = :product))
ORDER BY s.day DESC, s.store, s.id DESC
LIMIT :most
