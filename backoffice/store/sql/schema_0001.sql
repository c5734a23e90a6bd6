-- First form of the books. `org` leads every key; sums are whole fen; times are Unix milliseconds.

CREATE TABLE organisation (
  org INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  name_zh TEXT NOT NULL,
  currency TEXT NOT NULL,
  exponent INTEGER NOT NULL,
  zone TEXT NOT NULL,
  cutoff_hour INTEGER NOT NULL,
  issuer INTEGER NOT NULL,
  levels TEXT NOT NULL,
  next_serial INTEGER NOT NULL DEFAULT 1,
  list_version INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE store (
  org INTEGER NOT NULL REFERENCES organisation (org),
  id INTEGER NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (org, id),
  UNIQUE (org, code)
) STRICT;

CREATE TABLE terminal (
  org INTEGER NOT NULL REFERENCES organisation (org),
  id INTEGER NOT NULL,
  code TEXT NOT NULL UNIQUE,
  store INTEGER NOT NULL,
  stall TEXT NOT NULL,
  suspended INTEGER NOT NULL DEFAULT 0 CHECK (suspended IN (0, 1)),
  key_number INTEGER NOT NULL DEFAULT 0,
  enrolled_at INTEGER NOT NULL DEFAULT 0,
  epoch INTEGER NOT NULL DEFAULT 0,
  sign_on_rid BLOB NOT NULL DEFAULT x'',
  sign_on_answer BLOB NOT NULL DEFAULT x'',
  seen_at INTEGER NOT NULL DEFAULT 0,
  seen_state INTEGER NOT NULL DEFAULT 0,
  unsent INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (org, id),
  FOREIGN KEY (org, store) REFERENCES store (org, id)
) STRICT;

CREATE TABLE list_version (
  org INTEGER NOT NULL REFERENCES organisation (org),
  version INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  -- Stores, terminals and stalls as JSON text: their names stand on each scale's list.
  places TEXT NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (org, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
  org INTEGER NOT NULL REFERENCES organisation (org),
  id INTEGER NOT NULL,
  code TEXT NOT NULL,
  -- Sum of credits minus sum of debits, kept with every transfer; over all accounts it is zero.
  balance INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (org, id),
  UNIQUE (org, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE card (
  org INTEGER NOT NULL REFERENCES organisation (org),
  number INTEGER NOT NULL,
  chip BLOB NOT NULL DEFAULT x'',
  kind INTEGER NOT NULL,
  level INTEGER NOT NULL,
  state INTEGER NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_to INTEGER NOT NULL,
  account INTEGER,
  token_seq INTEGER NOT NULL DEFAULT 0,
  token BLOB NOT NULL DEFAULT x'',
  previous_token BLOB NOT NULL DEFAULT x'',
  token_lost INTEGER NOT NULL DEFAULT 0,
  approved_at INTEGER NOT NULL DEFAULT 0,
  opening INTEGER NOT NULL DEFAULT 0,
  issued_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (org, number),
  FOREIGN KEY (org, account) REFERENCES account (org, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX card_by_chip ON card (org, chip);

-- Every journal entry as it came: the raw body, its chain hash, when it was received.
CREATE TABLE entry (
  org INTEGER NOT NULL,
  terminal INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  hash BLOB NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (org, terminal, epoch, seq),
  FOREIGN KEY (org, terminal) REFERENCES terminal (org, id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER entry_is_kept BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'a journal entry is never deleted'); END;
CREATE TRIGGER entry_is_fixed BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'a journal entry is never changed'); END;

CREATE TABLE mark (
  org INTEGER NOT NULL,
  terminal INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  -- All entries 1..upto are here; highest is the largest seq seen, head the hash at upto.
  upto INTEGER NOT NULL,
  highest INTEGER NOT NULL,
  head BLOB NOT NULL,
  PRIMARY KEY (org, terminal, epoch)
) STRICT, WITHOUT ROWID;

-- One try to pay with a card; its answers are never pruned.
CREATE TABLE operation (
  org INTEGER NOT NULL,
  op BLOB NOT NULL,
  attempt INTEGER NOT NULL,
  state INTEGER NOT NULL,
  code INTEGER NOT NULL,
  terminal INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL,
  answer BLOB NOT NULL,
  undo_answer BLOB NOT NULL DEFAULT x'',
  card INTEGER,
  amount INTEGER NOT NULL,
  at INTEGER NOT NULL,
  paid_seq INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (org, op, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE transfer (
  org INTEGER NOT NULL,
  op BLOB NOT NULL,
  attempt INTEGER NOT NULL,
  reason INTEGER NOT NULL,
  leg INTEGER NOT NULL,
  debit INTEGER NOT NULL,
  credit INTEGER NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  tender INTEGER NOT NULL,
  day INTEGER NOT NULL,
  at INTEGER NOT NULL,
  CHECK (debit <> credit),
  PRIMARY KEY (org, op, attempt, reason, leg),
  FOREIGN KEY (org, debit) REFERENCES account (org, id),
  FOREIGN KEY (org, credit) REFERENCES account (org, id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER transfer_is_kept BEFORE DELETE ON transfer
BEGIN SELECT RAISE(ABORT, 'a transfer is never deleted'); END;
CREATE TRIGGER transfer_is_fixed BEFORE UPDATE ON transfer
BEGIN SELECT RAISE(ABORT, 'a transfer is never changed'); END;

CREATE TABLE sale (
  org INTEGER NOT NULL,
  id INTEGER NOT NULL,
  uid BLOB NOT NULL,
  terminal INTEGER NOT NULL,
  store INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  receipt INTEGER NOT NULL,
  at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  day INTEGER NOT NULL,
  shift INTEGER NOT NULL,
  cashier INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  member INTEGER,
  level INTEGER NOT NULL,
  list_version INTEGER NOT NULL,
  total INTEGER NOT NULL,
  saving INTEGER NOT NULL,
  ref BLOB NOT NULL DEFAULT x'',
  faults TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (org, id),
  UNIQUE (org, uid),
  FOREIGN KEY (org, terminal) REFERENCES terminal (org, id),
  FOREIGN KEY (org, store) REFERENCES store (org, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sale_by_day ON sale (org, day, store, cashier, total, saving, id);
CREATE INDEX sale_by_receipt ON sale (org, terminal, epoch, receipt);
CREATE INDEX sale_by_member ON sale (org, member, day, total) WHERE member IS NOT NULL;

CREATE TABLE sale_line (
  org INTEGER NOT NULL,
  sale INTEGER NOT NULL,
  n INTEGER NOT NULL,
  plu INTEGER NOT NULL,
  quantity INTEGER NOT NULL,
  unit INTEGER NOT NULL,
  unit_price INTEGER NOT NULL,
  base INTEGER NOT NULL,
  shelf_price INTEGER NOT NULL,
  tare INTEGER NOT NULL,
  discount INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  PRIMARY KEY (org, sale, n),
  FOREIGN KEY (org, sale) REFERENCES sale (org, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sale_rounding (
  org INTEGER NOT NULL,
  sale INTEGER NOT NULL,
  n INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (org, sale, n),
  FOREIGN KEY (org, sale) REFERENCES sale (org, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sale_tender (
  org INTEGER NOT NULL,
  sale INTEGER NOT NULL,
  n INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  card INTEGER,
  PRIMARY KEY (org, sale, n),
  FOREIGN KEY (org, sale) REFERENCES sale (org, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tender_by_card ON sale_tender (org, card, sale) WHERE card IS NOT NULL;

CREATE TABLE z_report (
  org INTEGER NOT NULL,
  terminal INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  day INTEGER NOT NULL,
  shift INTEGER NOT NULL,
  -- -1 = not compared yet (entries before it are missing), 1 = agrees, 0 = differs
  agrees INTEGER NOT NULL,
  difference TEXT NOT NULL,
  PRIMARY KEY (org, terminal, epoch, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE alert (
  org INTEGER NOT NULL,
  id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  word TEXT NOT NULL,
  terminal TEXT NOT NULL,
  card INTEGER,
  op BLOB NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (org, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  topic TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  length INTEGER NOT NULL,
  payload BLOB NOT NULL
) STRICT;

CREATE TABLE counter (
  word TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
