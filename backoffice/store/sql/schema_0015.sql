-- What is given on top of a top-up, as dated data: from `first_day` to `last_day`, who pays `pays` or
-- more gets `gives`; with `every` = 1 once for each whole `pays`. A rule is ended, never changed.
CREATE TABLE bonus_rule (
  org INTEGER NOT NULL REFERENCES organisation (org),
  id INTEGER NOT NULL,
  first_day INTEGER NOT NULL,
  last_day INTEGER NOT NULL,
  pays INTEGER NOT NULL CHECK (pays > 0),
  gives INTEGER NOT NULL CHECK (gives > 0),
  every INTEGER NOT NULL CHECK (every IN (0, 1)),
  PRIMARY KEY (org, id)
) STRICT, WITHOUT ROWID;

-- A card's holder lets us collect `amount` by bank whenever less than `below` is on the card.
CREATE TABLE standing_order (
  org INTEGER NOT NULL,
  card INTEGER NOT NULL,
  below INTEGER NOT NULL CHECK (below > 0),
  amount INTEGER NOT NULL CHECK (amount > 0),
  -- Where the holder's consent is: the bank's or our own reference, no account number.
  mandate TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (org, card),
  FOREIGN KEY (org, card) REFERENCES card (org, number)
) STRICT, WITHOUT ROWID;

-- A sum to be collected; on the card only when the bank has it.
CREATE TABLE collection (
  org INTEGER NOT NULL,
  id INTEGER NOT NULL,
  card INTEGER NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  mandate TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  -- 0 = wanted, 1 = paid, 2 = failed
  state INTEGER NOT NULL DEFAULT 0,
  settled_at INTEGER NOT NULL DEFAULT 0,
  reference TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (org, id),
  FOREIGN KEY (org, card) REFERENCES card (org, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX collection_wanted ON collection (org, card) WHERE state = 0;
CREATE TRIGGER collection_is_kept BEFORE DELETE ON collection
BEGIN SELECT RAISE(ABORT, 'a collection is never deleted'); END;

-- A statement is read from the index alone: without statistics the planner walks all transfers else.
DROP INDEX transfer_by_debit;
DROP INDEX transfer_by_credit;
CREATE INDEX transfer_by_debit ON transfer (org, debit, at, day, amount) WHERE reason <> 2;
CREATE INDEX transfer_by_credit ON transfer (org, credit, at, day, amount) WHERE reason <> 2;
