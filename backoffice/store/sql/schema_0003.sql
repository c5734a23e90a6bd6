-- Cards have a class and a holder, an end, a past and, for a purse on the chip, proofs.
ALTER TABLE organisation ADD COLUMN country TEXT NOT NULL DEFAULT '';

ALTER TABLE card ADD COLUMN bonus_account INTEGER;
-- 0 = bearer, 1 = registered
ALTER TABLE card ADD COLUMN class INTEGER NOT NULL DEFAULT 0;
-- A reference to the holder's file, not the holder's papers.
ALTER TABLE card ADD COLUMN holder TEXT NOT NULL DEFAULT '';
-- 0 = in use, 1 = replaced, 2 = refunded, 3 = retired; anything but 0 is for ever.
ALTER TABLE card ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;
ALTER TABLE card ADD COLUMN replaces INTEGER NOT NULL DEFAULT 0;
ALTER TABLE card ADD COLUMN replaced_by INTEGER NOT NULL DEFAULT 0;
-- What was declared as possibly spent offline when it was replaced stays here through that day.
ALTER TABLE card ADD COLUMN held_until INTEGER NOT NULL DEFAULT 0;
-- Which row of which batch it was made for; empty = by itself.
ALTER TABLE card ADD COLUMN batch BLOB NOT NULL DEFAULT x'';
CREATE INDEX card_by_batch ON card (org, batch) WHERE batch <> x'';

CREATE TABLE card_event (
  org INTEGER NOT NULL,
  id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  card INTEGER NOT NULL,
  word TEXT NOT NULL,
  person TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (org, id),
  FOREIGN KEY (org, card) REFERENCES card (org, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX card_event_by_card ON card_event (org, card, id);

CREATE TRIGGER card_event_is_kept BEFORE DELETE ON card_event
BEGIN SELECT RAISE(ABORT, 'a card event is never deleted'); END;
CREATE TRIGGER card_event_is_fixed BEFORE UPDATE ON card_event
BEGIN SELECT RAISE(ABORT, 'a card event is never changed'); END;

-- What a purse on a chip has proved: its own counter, balances, and the TAC as it came.
CREATE TABLE purse_record (
  org INTEGER NOT NULL,
  card INTEGER NOT NULL,
  op BLOB NOT NULL,
  attempt INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  counter INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  balance_after INTEGER NOT NULL,
  terminal BLOB NOT NULL,
  terminal_serial INTEGER NOT NULL,
  -- YYYYMMDDhhmmss by the terminal's clock
  moment INTEGER NOT NULL,
  tac BLOB NOT NULL,
  verdict TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (org, card, op, attempt, kind),
  FOREIGN KEY (org, card) REFERENCES card (org, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX purse_record_by_counter ON purse_record (org, card, counter);

CREATE TRIGGER purse_record_is_kept BEFORE DELETE ON purse_record
BEGIN SELECT RAISE(ABORT, 'a purse record is never deleted'); END;
CREATE TRIGGER purse_record_is_fixed BEFORE UPDATE ON purse_record
BEGIN SELECT RAISE(ABORT, 'a purse record is never changed'); END;

CREATE INDEX sale_by_ref ON sale (org, ref) WHERE ref <> x'';
