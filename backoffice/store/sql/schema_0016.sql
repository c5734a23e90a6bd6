-- Products in tables of their own; the price lists of the scales are made from them.
CREATE TABLE product (
  org INTEGER NOT NULL REFERENCES organisation (org),
  plu INTEGER NOT NULL,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  -- First letters of name_zh in pinyin, readings with a blank between; for the office's search.
  pinyin TEXT NOT NULL,
  base INTEGER NOT NULL,
  tare INTEGER NOT NULL,
  key TEXT NOT NULL,
  category TEXT NOT NULL,
  barcode TEXT NOT NULL,
  -- The list that changed it last, and who made that.
  changed_in INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  PRIMARY KEY (org, plu)
) STRICT, WITHOUT ROWID;

CREATE TABLE product_price (
  org INTEGER NOT NULL,
  plu INTEGER NOT NULL,
  -- 0 = shelf, 1.. = members
  level INTEGER NOT NULL,
  price INTEGER NOT NULL,
  PRIMARY KEY (org, plu, level),
  FOREIGN KEY (org, plu) REFERENCES product (org, plu) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE product_rule (
  org INTEGER NOT NULL,
  plu INTEGER NOT NULL,
  n INTEGER NOT NULL,
  -- As on the wire: 1 from a quantity on, 2 n pieces for, 3 marked down by, 4 marked down to.
  kind INTEGER NOT NULL,
  least INTEGER NOT NULL,
  -- YYYYMMDD, inclusive; 0 = no end
  first_day INTEGER NOT NULL,
  last_day INTEGER NOT NULL,
  -- Whole numbers as a JSON list.
  prices TEXT NOT NULL,
  PRIMARY KEY (org, plu, n),
  FOREIGN KEY (org, plu) REFERENCES product (org, plu) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- What was sold under a PLU from that business day on: trace without a key pressed at the stall.
CREATE TABLE product_batch (
  org INTEGER NOT NULL REFERENCES organisation (org),
  plu INTEGER NOT NULL,
  day INTEGER NOT NULL,
  origin TEXT NOT NULL,
  batch TEXT NOT NULL,
  PRIMARY KEY (org, plu, day)
) STRICT, WITHOUT ROWID;

-- Who made a price list, and who else said yes.
CREATE TABLE list_maker (
  org INTEGER NOT NULL,
  version INTEGER NOT NULL,
  person TEXT NOT NULL,
  approved_by TEXT NOT NULL,
  PRIMARY KEY (org, version),
  FOREIGN KEY (org, version) REFERENCES list_version (org, version)
) STRICT, WITHOUT ROWID;

-- Changes that take effect later by themselves.
CREATE TABLE price_change (
  org INTEGER NOT NULL REFERENCES organisation (org),
  id INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  -- JSON: rows as `product.import` has them.
  content TEXT NOT NULL,
  person TEXT NOT NULL,
  approved_by TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  -- 0 waits, 1 taken, 2 withdrawn, 3 could not be taken (see detail)
  state INTEGER NOT NULL DEFAULT 0,
  list_version INTEGER NOT NULL DEFAULT 0,
  detail TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (org, id)
) STRICT, WITHOUT ROWID;

-- The list that a scale says it sells by, since when, and which forms of lists it can take.
ALTER TABLE terminal ADD COLUMN list_taken INTEGER NOT NULL DEFAULT 0;
ALTER TABLE terminal ADD COLUMN list_taken_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE terminal ADD COLUMN list_sent_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE terminal ADD COLUMN list_forms INTEGER NOT NULL DEFAULT 0;

-- Percent: a price that moves further is shown as a jump; needs a second person (0 = never).
ALTER TABLE organisation ADD COLUMN price_jump INTEGER NOT NULL DEFAULT 30;
ALTER TABLE organisation ADD COLUMN price_second INTEGER NOT NULL DEFAULT 50;
