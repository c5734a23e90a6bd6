-- The chain as a tree: the company, its agents and markets; stores; stalls in a store; scales there.
CREATE TABLE agent (
  org INTEGER NOT NULL REFERENCES organisation (org),
  id INTEGER NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (org, id),
  UNIQUE (org, code)
) STRICT;

CREATE TABLE market (
  org INTEGER NOT NULL REFERENCES organisation (org),
  id INTEGER NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (org, id),
  UNIQUE (org, code)
) STRICT;

-- 0 = the company's own; 0 = in no market.
ALTER TABLE store ADD COLUMN agent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE store ADD COLUMN market INTEGER NOT NULL DEFAULT 0;
-- Empty and -1: as the organisation has it.
ALTER TABLE store ADD COLUMN zone TEXT NOT NULL DEFAULT '';
ALTER TABLE store ADD COLUMN cutoff_hour INTEGER NOT NULL DEFAULT -1;

CREATE TABLE stall (
  org INTEGER NOT NULL,
  id INTEGER NOT NULL,
  store INTEGER NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (org, id),
  UNIQUE (org, code),
  UNIQUE (org, store, name),
  FOREIGN KEY (org, store) REFERENCES store (org, id)
) STRICT;

INSERT INTO stall (org, id, store, code, name)
SELECT t.org, row_number() OVER (ORDER BY t.store, t.stall), t.store,
  s.code || '/' || row_number() OVER (PARTITION BY t.store ORDER BY t.stall), t.stall
FROM (SELECT DISTINCT org, store, stall FROM terminal WHERE stall <> '') AS t
JOIN store AS s ON s.org = t.org AND s.id = t.store;

-- 0 = at no stall: the store's own. The stall's name stands in `stall`, as before.
ALTER TABLE terminal ADD COLUMN stall_id INTEGER NOT NULL DEFAULT 0;
UPDATE terminal SET stall_id = (
  SELECT s.id FROM stall AS s
  WHERE s.org = terminal.org AND s.store = terminal.store AND s.name = terminal.stall
) WHERE stall <> '';

-- A sale belongs to the stall that its scale stood at when it came.
ALTER TABLE sale ADD COLUMN stall INTEGER NOT NULL DEFAULT 0;
DROP TRIGGER sale_is_fixed;
UPDATE sale SET stall = (
  SELECT t.stall_id FROM terminal AS t WHERE t.org = sale.org AND t.id = sale.terminal
);
CREATE TRIGGER sale_is_fixed BEFORE UPDATE ON sale
BEGIN SELECT RAISE(ABORT, 'a sale is never changed'); END;

-- Who may sell; 0 = at every store.
CREATE TABLE cashier (
  org INTEGER NOT NULL REFERENCES organisation (org),
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  store INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (org, number)
) STRICT, WITHOUT ROWID;
