-- What a person did about an alert or a quarantined message; neither is ever changed by that.
CREATE TABLE settlement (
  org INTEGER NOT NULL,
  id INTEGER NOT NULL,
  -- 'alert' or 'quarantine', and the number there
  subject TEXT NOT NULL,
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  word TEXT NOT NULL,
  person TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (org, id),
  UNIQUE (org, subject, number)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER settlement_is_kept BEFORE DELETE ON settlement
BEGIN SELECT RAISE(ABORT, 'a settlement is never deleted'); END;
CREATE TRIGGER settlement_is_fixed BEFORE UPDATE ON settlement
BEGIN SELECT RAISE(ABORT, 'a settlement is never changed'); END;
CREATE INDEX quarantine_by_length ON quarantine (reason, length);
CREATE TRIGGER quarantine_is_fixed BEFORE UPDATE ON quarantine
BEGIN SELECT RAISE(ABORT, 'a quarantined message is never changed'); END;
-- What nobody has sealed is noise and may make room; what a scale of ours has sealed never goes.
CREATE TRIGGER quarantine_is_kept BEFORE DELETE ON quarantine
WHEN OLD.reason NOT IN ('unknown-terminal', 'bad-seal', 'wrong-topic')
BEGIN SELECT RAISE(ABORT, 'a message of a scale of ours is never deleted'); END;
