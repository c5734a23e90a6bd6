-- Scales sign their journals with keys of their own: one signature over the hash of an entry covers
-- all entries before it. Neither is ever changed or deleted, and both are witnessed.
CREATE TABLE terminal_key (
  org INTEGER NOT NULL,
  terminal INTEGER NOT NULL,
  number INTEGER NOT NULL,
  key BLOB NOT NULL CHECK (length(key) = 32),
  told_at INTEGER NOT NULL,
  -- Where the scale's journal stood then: the key before this one covers nothing after it.
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (org, terminal, number),
  FOREIGN KEY (org, terminal) REFERENCES terminal (org, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE signed_head (
  org INTEGER NOT NULL,
  terminal INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  head BLOB NOT NULL CHECK (length(head) = 16),
  signature BLOB NOT NULL CHECK (length(signature) = 64),
  -- Number of the key that it was signed with.
  number INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (org, terminal, epoch, seq, head),
  FOREIGN KEY (org, terminal, number) REFERENCES terminal_key (org, terminal, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER terminal_key_is_kept BEFORE DELETE ON terminal_key
BEGIN SELECT RAISE(ABORT, 'a key of a scale is never deleted'); END;
CREATE TRIGGER terminal_key_is_fixed BEFORE UPDATE ON terminal_key
BEGIN SELECT RAISE(ABORT, 'a key of a scale is never changed'); END;
CREATE TRIGGER signed_head_is_kept BEFORE DELETE ON signed_head
BEGIN SELECT RAISE(ABORT, 'a signature is never deleted'); END;
CREATE TRIGGER signed_head_is_fixed BEFORE UPDATE ON signed_head
BEGIN SELECT RAISE(ABORT, 'a signature is never changed'); END;

CREATE TRIGGER terminal_key_made_is_witnessed AFTER INSERT ON terminal_key
BEGIN INSERT INTO audit (subject, key, content) VALUES ('terminal_key',
  quote(NEW.terminal) || '.' || quote(NEW.number),
  quote(NEW.key) || char(31) ||
    quote(NEW.told_at) || char(31) ||
    quote(NEW.epoch) || char(31) ||
    quote(NEW.seq)); END;

CREATE TRIGGER signed_head_made_is_witnessed AFTER INSERT ON signed_head
BEGIN INSERT INTO audit (subject, key, content) VALUES ('signed_head',
  quote(NEW.terminal) || '.' || quote(NEW.epoch) || '.' || quote(NEW.seq) || '.' || quote(NEW.head),
  quote(NEW.signature) || char(31) ||
    quote(NEW.number) || char(31) ||
    quote(NEW.received_at)); END;
