-- Sums by day, month and year, kept with every booking; and what reports ask of a sale beside them.
-- A period is 2026, 202611 or 20261124. What is here can be computed again at any time.

CREATE TABLE roll_sale (
  org INTEGER NOT NULL,
  period INTEGER NOT NULL,
  store INTEGER NOT NULL,
  stall INTEGER NOT NULL,
  terminal INTEGER NOT NULL,
  cashier INTEGER NOT NULL,
  level INTEGER NOT NULL,
  sales INTEGER NOT NULL,
  refunds INTEGER NOT NULL,
  lines INTEGER NOT NULL,
  gross INTEGER NOT NULL,
  discount INTEGER NOT NULL,
  saving INTEGER NOT NULL,
  rounding INTEGER NOT NULL,
  goodwill INTEGER NOT NULL,
  refunded INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  grams INTEGER NOT NULL,
  offline INTEGER NOT NULL,
  late INTEGER NOT NULL,
  faulty INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  last_received INTEGER NOT NULL,
  longest_delay INTEGER NOT NULL,
  PRIMARY KEY (org, period, store, stall, terminal, cashier, level)
) STRICT, WITHOUT ROWID;

CREATE TABLE roll_tender (
  org INTEGER NOT NULL,
  period INTEGER NOT NULL,
  store INTEGER NOT NULL,
  stall INTEGER NOT NULL,
  terminal INTEGER NOT NULL,
  cashier INTEGER NOT NULL,
  level INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  payments INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  refunds INTEGER NOT NULL,
  refunded INTEGER NOT NULL,
  mixed INTEGER NOT NULL,
  PRIMARY KEY (org, period, store, stall, terminal, cashier, level, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE roll_product (
  org INTEGER NOT NULL,
  period INTEGER NOT NULL,
  store INTEGER NOT NULL,
  plu INTEGER NOT NULL,
  unit INTEGER NOT NULL,
  lines INTEGER NOT NULL,
  quantity INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  discount INTEGER NOT NULL,
  member_amount INTEGER NOT NULL,
  refunds INTEGER NOT NULL,
  refunded INTEGER NOT NULL,
  PRIMARY KEY (org, period, store, plu, unit)
) STRICT, WITHOUT ROWID;

CREATE TABLE roll_hour (
  org INTEGER NOT NULL,
  period INTEGER NOT NULL,
  store INTEGER NOT NULL,
  weekday INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  sales INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (org, period, store, weekday, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE roll_saving (
  org INTEGER NOT NULL,
  period INTEGER NOT NULL,
  store INTEGER NOT NULL,
  level INTEGER NOT NULL,
  rule INTEGER NOT NULL,
  lines INTEGER NOT NULL,
  gross INTEGER NOT NULL,
  saving INTEGER NOT NULL,
  discount INTEGER NOT NULL,
  PRIMARY KEY (org, period, store, level, rule)
) STRICT, WITHOUT ROWID;

CREATE TABLE roll_member (
  org INTEGER NOT NULL,
  period INTEGER NOT NULL,
  store INTEGER NOT NULL,
  member INTEGER NOT NULL,
  level INTEGER NOT NULL,
  visits INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  saved INTEGER NOT NULL,
  last_day INTEGER NOT NULL,
  PRIMARY KEY (org, period, store, member, level)
) STRICT, WITHOUT ROWID;

CREATE TABLE roll_issuer (
  org INTEGER NOT NULL,
  period INTEGER NOT NULL,
  store INTEGER NOT NULL,
  issuer TEXT NOT NULL,
  payments INTEGER NOT NULL,
  refunds INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (org, period, store, issuer)
) STRICT, WITHOUT ROWID;

CREATE TABLE roll_value (
  org INTEGER NOT NULL,
  period INTEGER NOT NULL,
  place INTEGER NOT NULL,
  reason INTEGER NOT NULL,
  part INTEGER NOT NULL,
  moves INTEGER NOT NULL,
  given INTEGER NOT NULL,
  taken INTEGER NOT NULL,
  PRIMARY KEY (org, period, place, reason, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE roll_traffic (
  org INTEGER NOT NULL,
  period INTEGER NOT NULL,
  terminal INTEGER NOT NULL,
  entries INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (org, period, terminal)
) STRICT, WITHOUT ROWID;

-- The newest names of products, for reports; the price list itself stands in list_version.
CREATE TABLE product_word (
  org INTEGER NOT NULL,
  plu INTEGER NOT NULL,
  name_en TEXT NOT NULL,
  name_zh TEXT NOT NULL,
  category TEXT NOT NULL,
  PRIMARY KEY (org, plu)
) STRICT, WITHOUT ROWID;
INSERT INTO product_word (org, plu, name_en, name_zh, category)
SELECT l.org, json_extract(one.value, '$[0]'), json_extract(one.value, '$[1]'),
  json_extract(one.value, '$[2]'), json_extract(one.value, '$[3]')
FROM organisation AS o JOIN list_version AS l ON l.org = o.org AND l.version = o.list_version
CROSS JOIN json_each(product_words(l.content)) AS one;

-- Hour of the sale by the store's clock then; sold without an answer; why and by whose leave given
-- back.
ALTER TABLE sale ADD COLUMN hour INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sale ADD COLUMN offline INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sale ADD COLUMN reason INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sale ADD COLUMN approved_by INTEGER NOT NULL DEFAULT 0;
DROP TRIGGER sale_is_fixed;
UPDATE sale SET hour = local_hour(at, (SELECT o.zone FROM organisation AS o WHERE o.org = sale.org));
UPDATE sale SET offline = paid_part(e.body, 'offline'), reason = paid_part(e.body, 'reason'),
  approved_by = paid_part(e.body, 'approved_by')
FROM entry AS e
WHERE e.org = sale.org AND e.terminal = sale.terminal AND e.epoch = sale.epoch AND e.seq = sale.seq;
CREATE TRIGGER sale_is_fixed BEFORE UPDATE ON sale
BEGIN SELECT RAISE(ABORT, 'a sale is never changed'); END;
CREATE INDEX sale_given_back ON sale (org, day, id) WHERE kind = 2;

-- The totals of a Z as the scale counted them.
ALTER TABLE z_report ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE z_report ADD COLUMN cashier INTEGER NOT NULL DEFAULT 0;
ALTER TABLE z_report ADD COLUMN opened_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE z_report ADD COLUMN sales INTEGER NOT NULL DEFAULT 0;
ALTER TABLE z_report ADD COLUMN lines INTEGER NOT NULL DEFAULT 0;
ALTER TABLE z_report ADD COLUMN total INTEGER NOT NULL DEFAULT 0;
ALTER TABLE z_report ADD COLUMN saving INTEGER NOT NULL DEFAULT 0;
ALTER TABLE z_report ADD COLUMN rounding INTEGER NOT NULL DEFAULT 0;
ALTER TABLE z_report ADD COLUMN reversals INTEGER NOT NULL DEFAULT 0;
ALTER TABLE z_report ADD COLUMN first_receipt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE z_report ADD COLUMN last_receipt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE z_report ADD COLUMN cash INTEGER NOT NULL DEFAULT 0;
ALTER TABLE z_report ADD COLUMN stored_value INTEGER NOT NULL DEFAULT 0;
ALTER TABLE z_report ADD COLUMN city_card INTEGER NOT NULL DEFAULT 0;
ALTER TABLE z_report ADD COLUMN qr INTEGER NOT NULL DEFAULT 0;
UPDATE z_report SET at = z_part(e.body, 'at'),
  cashier = z_part(e.body, 'cashier'),
  opened_at = z_part(e.body, 'opened_at'),
  sales = z_part(e.body, 'sales'),
  lines = z_part(e.body, 'lines'),
  total = z_part(e.body, 'total'),
  saving = z_part(e.body, 'saving'),
  rounding = z_part(e.body, 'rounding'),
  reversals = z_part(e.body, 'reversals'),
  first_receipt = z_part(e.body, 'first_receipt'),
  last_receipt = z_part(e.body, 'last_receipt'),
  cash = z_part(e.body, 'cash'),
  stored_value = z_part(e.body, 'stored_value'),
  city_card = z_part(e.body, 'city_card'),
  qr = z_part(e.body, 'qr')
FROM entry AS e
WHERE e.org = z_report.org AND e.terminal = z_report.terminal AND e.epoch = z_report.epoch
  AND e.seq = z_report.seq;
CREATE INDEX z_by_day ON z_report (org, day, terminal);
CREATE INDEX alert_by_time ON alert (org, at);

INSERT INTO roll_sale (org, period, store, stall, terminal, cashier, level, sales, refunds,
  lines, gross, discount, saving, rounding, goodwill, refunded,
  amount, grams, offline, late, faulty, last_at, last_received,
  longest_delay)
SELECT s.org, s.day AS period, s.store, s.stall, s.terminal, s.cashier, s.level,
  sum(CASE WHEN s.kind = 2 THEN 0 ELSE 1 END) AS sales,
  sum(CASE WHEN s.kind = 2 THEN 1 ELSE 0 END) AS refunds,
  sum(l.lines) AS lines,
  sum(CASE WHEN s.kind = 2 THEN 0 ELSE l.amount + l.discount + s.saving END) AS gross,
  sum(CASE WHEN s.kind = 2 THEN 0 ELSE l.discount END) AS discount,
  sum(CASE WHEN s.kind = 2 THEN 0 ELSE s.saving END) AS saving,
  sum(CASE WHEN s.kind = 2 THEN 0 ELSE coalesce(r.rounding, 0) END) AS rounding,
  sum(coalesce(r.goodwill, 0)) AS goodwill,
  sum(CASE WHEN s.kind = 2 THEN -s.total ELSE 0 END) AS refunded,
  sum(s.total) AS amount,
  sum(l.grams) AS grams,
  sum(CASE WHEN s.offline <> 0 THEN 1 ELSE 0 END) AS offline,
  sum(CASE WHEN s.received_at - s.at > 600000 THEN 1 ELSE 0 END) AS late,
  sum(CASE WHEN s.faults <> '' THEN 1 ELSE 0 END) AS faulty,
  max(s.at) AS last_at, max(s.received_at) AS last_received,
  max(CASE WHEN s.received_at > s.at THEN s.received_at - s.at ELSE 0 END) AS longest_delay
FROM sale AS s
JOIN (SELECT org, sale, count(*) AS lines, sum(amount) AS amount, sum(discount) AS discount,
        sum(line_grams(quantity, unit)) AS grams
      FROM sale_line GROUP BY org, sale) AS l ON l.org = s.org AND l.sale = s.id
LEFT JOIN (SELECT org, sale, sum(amount) AS rounding,
             sum(CASE WHEN kind = 2 THEN amount ELSE 0 END) AS goodwill
           FROM sale_rounding GROUP BY org, sale) AS r ON r.org = s.org AND r.sale = s.id
WHERE s.day >= 10000000 AND s.day <= 99999999
GROUP BY s.org, s.day, s.store, s.stall, s.terminal, s.cashier, s.level;
INSERT INTO roll_sale (org, period, store, stall, terminal, cashier, level, sales, refunds,
  lines, gross, discount, saving, rounding, goodwill, refunded,
  amount, grams, offline, late, faulty, last_at, last_received,
  longest_delay)
SELECT org, period / 100 AS period, store, stall, terminal, cashier, level, sum(sales),
  sum(refunds), sum(lines), sum(gross), sum(discount), sum(saving), sum(rounding), sum(goodwill),
  sum(refunded), sum(amount), sum(grams), sum(offline), sum(late), sum(faulty), max(last_at),
  max(last_received), max(longest_delay) FROM roll_sale WHERE period > 9999999 GROUP BY org,
  period / 100, store, stall, terminal, cashier, level;

INSERT INTO roll_tender (org, period, store, stall, terminal, cashier, level, kind, payments,
  amount, refunds, refunded, mixed)
SELECT s.org, s.day AS period, s.store, s.stall, s.terminal, s.cashier, s.level, t.kind,
  count(*) AS payments, sum(t.amount) AS amount,
  sum(CASE WHEN s.kind = 2 THEN 1 ELSE 0 END) AS refunds,
  sum(CASE WHEN s.kind = 2 THEN -t.amount ELSE 0 END) AS refunded,
  sum(CASE WHEN m.tenders > 1 THEN 1 ELSE 0 END) AS mixed
FROM sale AS s
JOIN sale_tender AS t ON t.org = s.org AND t.sale = s.id
JOIN (SELECT org, sale, count(*) AS tenders FROM sale_tender GROUP BY org, sale) AS m
  ON m.org = s.org AND m.sale = s.id
WHERE s.day >= 10000000 AND s.day <= 99999999
GROUP BY s.org, s.day, s.store, s.stall, s.terminal, s.cashier, s.level, t.kind;
INSERT INTO roll_tender (org, period, store, stall, terminal, cashier, level, kind, payments,
  amount, refunds, refunded, mixed)
SELECT org, period / 100 AS period, store, stall, terminal, cashier, level, kind, sum(payments),
  sum(amount), sum(refunds), sum(refunded), sum(mixed) FROM roll_tender WHERE period > 9999999
  GROUP BY org, period / 100, store, stall, terminal, cashier, level, kind;

INSERT INTO roll_product (org, period, store, plu, unit, lines, quantity, amount, discount,
  member_amount, refunds, refunded)
SELECT s.org, s.day AS period, s.store, l.plu, l.unit,
  count(*) AS lines, sum(l.quantity) AS quantity, sum(l.amount) AS amount,
  sum(l.discount) AS discount,
  sum(CASE WHEN l.flags % 2 = 1 THEN l.amount ELSE 0 END) AS member_amount,
  sum(CASE WHEN s.kind = 2 THEN 1 ELSE 0 END) AS refunds,
  sum(CASE WHEN s.kind = 2 THEN -l.amount ELSE 0 END) AS refunded
FROM sale AS s JOIN sale_line AS l ON l.org = s.org AND l.sale = s.id
WHERE s.day >= 10000000 AND s.day <= 99999999
GROUP BY s.org, s.day, s.store, l.plu, l.unit;
INSERT INTO roll_product (org, period, store, plu, unit, lines, quantity, amount, discount,
  member_amount, refunds, refunded)
SELECT org, period / 100 AS period, store, plu, unit, sum(lines), sum(quantity), sum(amount),
  sum(discount), sum(member_amount), sum(refunds), sum(refunded) FROM roll_product WHERE period >
  9999999 GROUP BY org, period / 100, store, plu, unit;

INSERT INTO roll_hour (org, period, store, weekday, hour, sales, amount)
SELECT s.org, s.day AS period, s.store, day_of_week(s.day) AS weekday, s.hour,
  sum(CASE WHEN s.kind = 2 THEN 0 ELSE 1 END) AS sales, sum(s.total) AS amount
FROM sale AS s
WHERE s.day >= 10000000 AND s.day <= 99999999
GROUP BY s.org, s.day, s.store, day_of_week(s.day), s.hour;
INSERT INTO roll_hour (org, period, store, weekday, hour, sales, amount)
SELECT org, period / 100 AS period, store, weekday, hour, sum(sales), sum(amount) FROM roll_hour
  WHERE period > 9999999 GROUP BY org, period / 100, store, weekday, hour;

INSERT INTO roll_saving (org, period, store, level, rule, lines, gross, saving, discount)
SELECT org, period, store, level, rule, count(*) AS lines, sum(amount + discount + saving) AS gross,
  sum(saving) AS saving, sum(discount) AS discount
FROM (
  SELECT s.org AS org, s.day AS period, s.store AS store, s.level AS level,
    CASE WHEN l.flags / 64 % 2 = 1 THEN 3 WHEN l.flags / 128 % 2 = 1 THEN 4
         WHEN l.flags / 32 % 2 = 1 THEN 2 WHEN l.flags % 2 = 1 THEN 1 ELSE 0 END AS rule,
    l.amount AS amount, l.discount AS discount,
    line_saving(l.quantity, l.unit, l.unit_price, l.base, l.shelf_price, l.discount, l.amount,
                l.flags, s.price_interval) AS saving
  FROM sale AS s JOIN sale_line AS l ON l.org = s.org AND l.sale = s.id
  WHERE s.kind <> 2 AND s.day >= 10000000 AND s.day <= 99999999
) AS cheaper
WHERE saving <> 0 OR discount <> 0
GROUP BY org, period, store, level, rule;
INSERT INTO roll_saving (org, period, store, level, rule, lines, gross, saving, discount)
SELECT org, period / 100 AS period, store, level, rule, sum(lines), sum(gross), sum(saving),
  sum(discount) FROM roll_saving WHERE period > 9999999 GROUP BY org, period / 100, store, level,
  rule;

INSERT INTO roll_member (org, period, store, member, level, visits, amount, saved, last_day)
SELECT s.org, s.day AS period, s.store, s.member, s.level,
  sum(CASE WHEN s.kind = 2 THEN 0 ELSE 1 END) AS visits, sum(s.total) AS amount,
  sum(CASE WHEN s.kind = 2 THEN 0 ELSE s.saving END) AS saved, max(s.day) AS last_day
FROM sale AS s
WHERE s.member IS NOT NULL AND s.day >= 10000000 AND s.day <= 99999999
GROUP BY s.org, s.day, s.store, s.member, s.level;
INSERT INTO roll_member (org, period, store, member, level, visits, amount, saved, last_day)
SELECT org, period / 100 AS period, store, member, level, sum(visits), sum(amount), sum(saved),
  max(last_day) FROM roll_member WHERE period > 9999999 GROUP BY org, period / 100, store, member,
  level;
INSERT INTO roll_member (org, period, store, member, level, visits, amount, saved, last_day)
SELECT org, period / 10000 AS period, store, member, level, sum(visits), sum(amount), sum(saved),
  max(last_day) FROM roll_member WHERE period > 9999999 GROUP BY org, period / 10000, store,
  member, level;

INSERT INTO roll_issuer (org, period, store, issuer, payments, refunds, amount)
SELECT s.org, s.day AS period, s.store,
  CASE WHEN other.code LIKE 'city/%' THEN substr(other.code, 6) ELSE '' END AS issuer,
  sum(CASE WHEN taken.id = t.credit THEN 1 ELSE 0 END) AS payments,
  sum(CASE WHEN taken.id = t.credit THEN 0 ELSE 1 END) AS refunds,
  sum(CASE WHEN taken.id = t.credit THEN t.amount ELSE -t.amount END) AS amount
FROM sale AS s
CROSS JOIN transfer AS t
JOIN account AS taken ON taken.org = t.org AND taken.id IN (t.credit, t.debit)
JOIN account AS other ON other.org = t.org AND other.id = t.credit + t.debit - taken.id
WHERE s.day >= 10000000 AND s.day <= 99999999
  AND t.org = s.org AND t.op = s.uid AND t.attempt = s.attempt
  AND taken.code LIKE 'sales/%' AND (other.code LIKE 'city/%' OR other.code LIKE 'card/%')
GROUP BY s.org, s.day, s.store,
  CASE WHEN other.code LIKE 'city/%' THEN substr(other.code, 6) ELSE '' END;
INSERT INTO roll_issuer (org, period, store, issuer, payments, refunds, amount)
SELECT org, period / 100 AS period, store, issuer, sum(payments), sum(refunds), sum(amount) FROM
  roll_issuer WHERE period > 9999999 GROUP BY org, period / 100, store, issuer;

INSERT INTO roll_value (org, period, place, reason, part, moves, given, taken)
SELECT t.org, t.day AS period,
  coalesce((SELECT st.id FROM store AS st
            WHERE st.org = t.org AND 'sales/' || st.code = other.code), 0) AS place,
  t.reason, CASE WHEN mine.code LIKE '%/bonus' THEN 1 ELSE 0 END AS part,
  count(*) AS moves,
  sum(CASE WHEN mine.id = t.credit THEN t.amount ELSE 0 END) AS given,
  sum(CASE WHEN mine.id = t.debit THEN t.amount ELSE 0 END) AS taken
FROM transfer AS t
JOIN account AS mine ON mine.org = t.org AND mine.id IN (t.credit, t.debit)
JOIN account AS other ON other.org = t.org AND other.id = t.credit + t.debit - mine.id
WHERE mine.code LIKE 'card/%' AND t.day >= 10000000 AND t.day <= 99999999
GROUP BY 1, 2, 3, 4, 5;
INSERT INTO roll_value (org, period, place, reason, part, moves, given, taken)
SELECT org, period / 100 AS period, place, reason, part, sum(moves), sum(given), sum(taken) FROM
  roll_value WHERE period > 9999999 GROUP BY org, period / 100, place, reason, part;

INSERT INTO roll_traffic (org, period, terminal, entries, bytes)
SELECT e.org, utc_day(e.received_at) AS period, e.terminal,
  count(*) AS entries, sum(length(e.body)) AS bytes
FROM entry AS e
WHERE utc_day(e.received_at) >= 10000000
  AND utc_day(e.received_at) <= 99999999
GROUP BY 1, 2, 3;
INSERT INTO roll_traffic (org, period, terminal, entries, bytes)
SELECT org, period / 100 AS period, terminal, sum(entries), sum(bytes) FROM roll_traffic WHERE
  period > 9999999 GROUP BY org, period / 100, terminal;
