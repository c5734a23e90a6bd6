-- What was born in the office, command by command; the same lines stand in the second journal.
CREATE TABLE office_operation (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  line TEXT NOT NULL
) STRICT;
CREATE TRIGGER office_operation_is_kept BEFORE DELETE ON office_operation
BEGIN SELECT RAISE(ABORT, 'an operation of the office is never deleted'); END;
CREATE TRIGGER office_operation_is_fixed BEFORE UPDATE ON office_operation
BEGIN SELECT RAISE(ABORT, 'an operation of the office is never changed'); END;
