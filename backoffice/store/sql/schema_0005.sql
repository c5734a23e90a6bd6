-- What a scale may sell without an answer: limits of each store and denied cards, as signed.
CREATE TABLE terms (
  org INTEGER NOT NULL PRIMARY KEY REFERENCES organisation (org),
  version INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  content BLOB NOT NULL
) STRICT, WITHOUT ROWID;
