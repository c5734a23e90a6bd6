-- Stock: what people said of it, one row for each word, for ever; and what was sold of it.
CREATE TABLE stock_move (
  org INTEGER NOT NULL,
  id INTEGER NOT NULL,
  op BLOB NOT NULL,
  n INTEGER NOT NULL,
  at INTEGER NOT NULL,
  day INTEGER NOT NULL,
  store INTEGER NOT NULL,
  -- 0 = the store's own
  stall INTEGER NOT NULL,
  plu INTEGER NOT NULL,
  -- 0 = grams, 9 = pieces
  unit INTEGER NOT NULL,
  word TEXT NOT NULL CHECK (word IN ('in', 'waste', 'count')),
  quantity INTEGER NOT NULL,
  cost INTEGER NOT NULL,
  supplier TEXT NOT NULL,
  reference TEXT NOT NULL,
  reason TEXT NOT NULL,
  person TEXT NOT NULL,
  undoes INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (org, id),
  UNIQUE (org, op, n),
  FOREIGN KEY (org, store) REFERENCES store (org, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_move_by_item ON stock_move (org, store, stall, plu, unit, id);
CREATE INDEX stock_move_by_day ON stock_move (org, day, id);
CREATE INDEX stock_move_undoes ON stock_move (org, undoes) WHERE undoes <> 0;
CREATE TRIGGER stock_move_is_kept BEFORE DELETE ON stock_move
BEGIN SELECT RAISE(ABORT, 'a stock row is never deleted'); END;
CREATE TRIGGER stock_move_is_fixed BEFORE UPDATE ON stock_move
BEGIN SELECT RAISE(ABORT, 'a stock row is never changed'); END;

-- By day and by the last count before the sale: a copy of what the sale lines say.
CREATE TABLE stock_sold (
  org INTEGER NOT NULL,
  store INTEGER NOT NULL,
  stall INTEGER NOT NULL,
  plu INTEGER NOT NULL,
  unit INTEGER NOT NULL,
  since INTEGER NOT NULL,
  day INTEGER NOT NULL,
  quantity INTEGER NOT NULL,
  PRIMARY KEY (org, store, stall, plu, unit, since, day)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER stock_move_made_is_witnessed AFTER INSERT ON stock_move
BEGIN INSERT INTO audit (subject, key, content) VALUES ('stock_move',
  quote(NEW.id),
  quote(NEW.at) || char(31) ||
    quote(NEW.day) || char(31) ||
    quote(NEW.store) || char(31) ||
    quote(NEW.stall) || char(31) ||
    quote(NEW.plu) || char(31) ||
    quote(NEW.word) || char(31) ||
    quote(NEW.quantity) || char(31) ||
    quote(NEW.cost) || char(31) ||
    quote(NEW.supplier) || char(31) ||
    quote(NEW.person)); END;
