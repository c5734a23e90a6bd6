-- People who sign in at the office's pages. What they did stands in office_operation and card_event.
CREATE TABLE person (
  org INTEGER NOT NULL REFERENCES organisation (org),
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  -- Codes of stores as a JSON list; an empty one = all.
  stores TEXT NOT NULL,
  password TEXT NOT NULL,
  suspended INTEGER NOT NULL DEFAULT 0 CHECK (suspended IN (0, 1)),
  generation INTEGER NOT NULL DEFAULT 1,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (org, name)
) STRICT, WITHOUT ROWID;
