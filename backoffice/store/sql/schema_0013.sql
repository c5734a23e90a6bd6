-- Members: as little of a person as a level needs. A card may belong to one; `forget` empties name,
-- telephone and note for ever, and what was sold stays.
CREATE TABLE member (
  org INTEGER NOT NULL REFERENCES organisation (org),
  id INTEGER NOT NULL,
  level INTEGER NOT NULL,
  name TEXT NOT NULL,
  -- HMAC of the telephone number under the office's secret: finds a member, tells nobody the number.
  phone_hash BLOB NOT NULL DEFAULT x'',
  phone_last TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  -- Version of the terms that the member agreed to, and when.
  terms TEXT NOT NULL DEFAULT '',
  agreed_at INTEGER NOT NULL DEFAULT 0,
  joined_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (org, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX member_by_phone ON member (org, phone_hash) WHERE phone_hash <> x'';
CREATE TRIGGER member_is_kept BEFORE DELETE ON member
BEGIN SELECT RAISE(ABORT, 'a member is never deleted, but forgotten'); END;

CREATE TABLE member_event (
  org INTEGER NOT NULL,
  id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  member INTEGER NOT NULL,
  word TEXT NOT NULL,
  person TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (org, id),
  FOREIGN KEY (org, member) REFERENCES member (org, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_event_by_member ON member_event (org, member, id);
CREATE TRIGGER member_event_is_kept BEFORE DELETE ON member_event
BEGIN SELECT RAISE(ABORT, 'a member event is never deleted'); END;
CREATE TRIGGER member_event_is_fixed BEFORE UPDATE ON member_event
BEGIN SELECT RAISE(ABORT, 'a member event is never changed'); END;

-- 0 = nobody's card.
ALTER TABLE card ADD COLUMN member INTEGER NOT NULL DEFAULT 0;
CREATE INDEX card_by_member ON card (org, member) WHERE member <> 0;
-- When its holder reported it lost; 0 = not lost.
ALTER TABLE card ADD COLUMN lost_at INTEGER NOT NULL DEFAULT 0;

-- Levels are money: the audit chain witnesses who has which. Of the person it keeps nothing.
CREATE TRIGGER member_made_is_witnessed AFTER INSERT ON member
BEGIN INSERT INTO audit (subject, key, content) VALUES ('member',
  quote(NEW.id),
  quote(NEW.level) || char(31) ||
    quote(NEW.terms) || char(31) ||
    quote(NEW.agreed_at) || char(31) ||
    quote(NEW.joined_at) || char(31) ||
    quote(NEW.ended_at)); END;

CREATE TRIGGER member_changed_is_witnessed AFTER UPDATE OF
  level, terms, agreed_at, joined_at, ended_at ON member
WHEN quote(OLD.level) || char(31) ||
    quote(OLD.terms) || char(31) ||
    quote(OLD.agreed_at) || char(31) ||
    quote(OLD.joined_at) || char(31) ||
    quote(OLD.ended_at) <>
   quote(NEW.level) || char(31) ||
    quote(NEW.terms) || char(31) ||
    quote(NEW.agreed_at) || char(31) ||
    quote(NEW.joined_at) || char(31) ||
    quote(NEW.ended_at)
BEGIN INSERT INTO audit (subject, key, content) VALUES ('member',
  quote(NEW.id),
  quote(NEW.level) || char(31) ||
    quote(NEW.terms) || char(31) ||
    quote(NEW.agreed_at) || char(31) ||
    quote(NEW.joined_at) || char(31) ||
    quote(NEW.ended_at)); END;

-- A command that named a person is the one line that may change: its person is forgotten.
DROP TRIGGER office_operation_is_fixed;
CREATE TRIGGER office_operation_is_fixed BEFORE UPDATE ON office_operation
WHEN NEW.id <> OLD.id OR NEW.uid <> OLD.uid
  OR OLD.line NOT LIKE '%"command": "member.%' OR NEW.line NOT LIKE '%"forgotten": true%'
BEGIN SELECT RAISE(ABORT, 'an operation of the office is never changed'); END;

-- A card's statement reads its account's transfers; takings by other tenders (reason 2) are no card's.
CREATE INDEX transfer_by_debit ON transfer (org, debit, at) WHERE reason <> 2;
CREATE INDEX transfer_by_credit ON transfer (org, credit, at) WHERE reason <> 2;
