-- What goes out to other programs and people: how far each was told, when it is tried again.
CREATE TABLE hook (
  org INTEGER NOT NULL REFERENCES organisation (org),
  id INTEGER NOT NULL,
  url TEXT NOT NULL,
  wants_sales INTEGER NOT NULL CHECK (wants_sales IN (0, 1)),
  wants_alerts INTEGER NOT NULL CHECK (wants_alerts IN (0, 1)),
  made_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL DEFAULT 0,
  -- Told up to these numbers.
  sale INTEGER NOT NULL,
  alert INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL DEFAULT 0,
  -- When it was given up; 0 = alive.
  dead_at INTEGER NOT NULL DEFAULT 0,
  why TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (org, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE mail_schedule (
  org INTEGER NOT NULL REFERENCES organisation (org),
  id INTEGER NOT NULL,
  report TEXT NOT NULL,
  -- daily, weekly or monthly; minutes after midnight by the organisation's clock
  every TEXT NOT NULL CHECK (every IN ('daily', 'weekly', 'monthly')),
  minute INTEGER NOT NULL,
  form TEXT NOT NULL CHECK (form IN ('csv', 'xlsx')),
  -- Addresses as a JSON list.
  mail_to TEXT NOT NULL,
  -- Whose rows: a person who may sign in; empty = the whole office.
  person TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL DEFAULT 0,
  -- The scheduled moment that was dealt with last.
  done_at INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL DEFAULT 0,
  why TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (org, id)
) STRICT, WITHOUT ROWID;
