-- What went over the line to and from each scale in a month (YYYYMM), bytes, as the office counts.
CREATE TABLE traffic (
  org INTEGER NOT NULL,
  terminal INTEGER NOT NULL,
  month INTEGER NOT NULL,
  up INTEGER NOT NULL,
  down INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  PRIMARY KEY (org, terminal, month),
  FOREIGN KEY (org, terminal) REFERENCES terminal (org, id)
) STRICT, WITHOUT ROWID;
-- What the scale says it runs, told with every heartbeat.
ALTER TABLE terminal ADD COLUMN software TEXT NOT NULL DEFAULT '';
