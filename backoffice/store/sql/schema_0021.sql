-- Keys by which other programs read the office in a person's name; of a key only its hash is kept.
CREATE TABLE api_key (
  org INTEGER NOT NULL,
  id INTEGER NOT NULL,
  person TEXT NOT NULL,
  label TEXT NOT NULL,
  hash BLOB NOT NULL,
  made_at INTEGER NOT NULL,
  until INTEGER NOT NULL,
  -- 0 = in force.
  ended_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (org, id),
  UNIQUE (hash),
  FOREIGN KEY (org, person) REFERENCES person (org, name)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER api_key_is_kept BEFORE DELETE ON api_key
BEGIN SELECT RAISE(ABORT, 'a key is never deleted'); END;
