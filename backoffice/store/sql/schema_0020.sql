-- For other programs: what the reports show, a row a business day, to be added up as they like.
-- Sums are whole minor units (fen), days YYYYMMDD, times Unix milliseconds. docs/views.md names
-- the report that each column stands for.

CREATE VIEW v_takings AS
SELECT r.period AS day, st.code AS store, st.name AS store_name, te.code AS terminal,
  coalesce(sl.name, te.stall) AS stall, r.cashier AS cashier, r.level AS level,
  r.sales AS sales, r.refunds AS refunds, r.lines AS lines, r.gross AS gross,
  r.discount AS discount, r.saving AS saving, r.rounding AS rounding, r.goodwill AS goodwill,
  r.refunded AS refunded, r.amount AS amount, r.grams AS grams, r.offline AS offline,
  r.late AS late, r.faulty AS faulty, r.last_received AS last_received,
  r.longest_delay AS longest_delay
FROM roll_sale AS r
JOIN store AS st ON st.org = r.org AND st.id = r.store
JOIN terminal AS te ON te.org = r.org AND te.id = r.terminal
LEFT JOIN stall AS sl ON sl.org = r.org AND sl.id = r.stall
WHERE r.org = 1 AND r.period > 9999999;

CREATE VIEW v_by_tender AS
SELECT r.period AS day, st.code AS store, te.code AS terminal,
  coalesce(sl.name, te.stall) AS stall, r.cashier AS cashier, r.level AS level, r.kind AS kind,
  CASE r.kind WHEN 1 THEN 'cash' WHEN 2 THEN 'stored value' WHEN 3 THEN 'city card'
    WHEN 4 THEN 'QR code' ELSE CAST(r.kind AS TEXT) END AS tender,
  r.payments AS payments, r.amount + r.refunded AS taken, r.refunds AS refunds,
  r.refunded AS refunded, r.amount AS amount, r.mixed AS mixed
FROM roll_tender AS r
JOIN store AS st ON st.org = r.org AND st.id = r.store
JOIN terminal AS te ON te.org = r.org AND te.id = r.terminal
LEFT JOIN stall AS sl ON sl.org = r.org AND sl.id = r.stall
WHERE r.org = 1 AND r.period > 9999999;

CREATE VIEW v_by_product AS
SELECT r.period AS day, st.code AS store, r.plu AS plu, w.name_en AS name_en,
  w.name_zh AS name_zh, coalesce(w.category, '') AS category, r.unit AS unit, r.lines AS lines,
  r.quantity AS quantity, r.amount AS amount, r.discount AS discount,
  r.member_amount AS member_amount, r.refunds AS refunds, r.refunded AS refunded
FROM roll_product AS r
JOIN store AS st ON st.org = r.org AND st.id = r.store
LEFT JOIN product_word AS w ON w.org = r.org AND w.plu = r.plu
WHERE r.org = 1 AND r.period > 9999999;

CREATE VIEW v_by_hour AS
SELECT r.period AS day, st.code AS store, r.weekday AS weekday, r.hour AS hour, r.sales AS sales,
  r.amount AS amount
FROM roll_hour AS r JOIN store AS st ON st.org = r.org AND st.id = r.store
WHERE r.org = 1 AND r.period > 9999999;

CREATE VIEW v_by_issuer AS
SELECT r.period AS day, st.code AS store, r.issuer AS issuer, r.payments AS payments,
  r.refunds AS refunds, r.amount AS amount
FROM roll_issuer AS r JOIN store AS st ON st.org = r.org AND st.id = r.store
WHERE r.org = 1 AND r.period > 9999999;

CREATE VIEW v_by_member AS
SELECT r.period AS day, st.code AS store, r.member AS member, r.level AS level,
  r.visits AS visits, r.amount AS amount, r.saved AS saved, r.last_day AS last_day
FROM roll_member AS r JOIN store AS st ON st.org = r.org AND st.id = r.store
WHERE r.org = 1 AND r.period > 9999999;

CREATE VIEW v_discounts AS
SELECT r.period AS day, st.code AS store, r.level AS level, r.rule AS rule, r.lines AS lines,
  r.gross AS gross, r.saving AS saving, r.discount AS discount, r.saving + r.discount AS given
FROM roll_saving AS r JOIN store AS st ON st.org = r.org AND st.id = r.store
WHERE r.org = 1 AND r.period > 9999999;

CREATE VIEW v_stored_value AS
SELECT r.period AS day, coalesce(st.code, '') AS store, r.reason AS reason, r.part AS part,
  r.moves AS moves, r.given AS given, r.taken AS taken
FROM roll_value AS r LEFT JOIN store AS st ON st.org = r.org AND st.id = r.place
WHERE r.org = 1 AND r.period > 9999999;

CREATE VIEW v_traffic AS
SELECT r.period AS day, st.code AS store, te.code AS terminal, r.entries AS entries,
  r.bytes AS bytes
FROM roll_traffic AS r
JOIN terminal AS te ON te.org = r.org AND te.id = r.terminal
JOIN store AS st ON st.org = te.org AND st.id = te.store
WHERE r.org = 1 AND r.period > 9999999;

CREATE VIEW v_sales AS
SELECT s.day AS day, s.at AS at, s.received_at AS received_at, st.code AS store,
  te.code AS terminal, s.receipt AS receipt, s.kind AS kind, s.cashier AS cashier,
  s.level AS level, s.member AS member, s.shift AS shift, s.saving AS saving, s.total AS amount,
  s.offline AS offline, s.reason AS reason, s.approved_by AS approved_by, s.faults AS faults,
  lower(hex(s.uid)) AS uid, lower(hex(s.ref)) AS refund_of
FROM sale AS s
JOIN store AS st ON st.org = s.org AND st.id = s.store
JOIN terminal AS te ON te.org = s.org AND te.id = s.terminal
WHERE s.org = 1;

CREATE VIEW v_sale_lines AS
SELECT s.day AS day, st.code AS store, te.code AS terminal, s.receipt AS receipt, l.n AS n,
  l.plu AS plu, l.quantity AS quantity, l.unit AS unit, l.unit_price AS unit_price, l.base AS base,
  l.shelf_price AS shelf_price, l.discount AS discount, l.amount AS amount,
  lower(hex(s.uid)) AS uid
FROM sale AS s
JOIN sale_line AS l ON l.org = s.org AND l.sale = s.id
JOIN store AS st ON st.org = s.org AND st.id = s.store
JOIN terminal AS te ON te.org = s.org AND te.id = s.terminal
WHERE s.org = 1;

CREATE VIEW v_refunds AS
SELECT * FROM v_sales WHERE kind = 2;

CREATE VIEW v_z AS
SELECT z.day AS day, st.code AS store, te.code AS terminal, z.shift AS shift,
  z.cashier AS cashier, z.opened_at AS opened_at, z.at AS at, z.sales AS sales,
  z.total AS amount, z.cash AS cash, z.stored_value AS stored_value, z.city_card AS city_card,
  z.qr AS qr, z.rounding AS rounding, z.saving AS saving, z.reversals AS reversals,
  z.first_receipt AS first_receipt, z.last_receipt AS last_receipt, z.agrees AS agrees,
  z.difference AS difference
FROM z_report AS z
JOIN terminal AS te ON te.org = z.org AND te.id = z.terminal
JOIN store AS st ON st.org = te.org AND st.id = te.store
WHERE z.org = 1;

CREATE VIEW v_exceptions AS
SELECT a.at AS at, a.word AS word, a.terminal AS terminal, coalesce(st.code, '') AS store,
  a.card AS card, a.detail AS detail
FROM alert AS a
LEFT JOIN terminal AS te ON te.org = a.org AND te.code = a.terminal
LEFT JOIN store AS st ON st.org = te.org AND st.id = te.store
WHERE a.org = 1;
