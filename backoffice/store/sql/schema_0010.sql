-- Money that moves on the chip of a purse at the office's reader: kept before the card is told to,
-- so that a card pulled at any command is recognised and finished.
CREATE TABLE purse_move (
  op BLOB NOT NULL PRIMARY KEY,
  org INTEGER NOT NULL,
  card INTEGER NOT NULL,
  -- Why, as in transfer.reason.
  reason INTEGER NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  bonus INTEGER NOT NULL CHECK (bonus BETWEEN 0 AND amount),
  -- 0 wanted, 1 the card was told, 2 waits for a person, 3 done, 4 not done.
  state INTEGER NOT NULL,
  -- JSON: what the card asked and what it was told.
  told TEXT NOT NULL,
  at INTEGER NOT NULL,
  FOREIGN KEY (org, card) REFERENCES card (org, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX purse_move_open ON purse_move (org, card) WHERE state < 3;
CREATE TRIGGER purse_move_is_kept BEFORE DELETE ON purse_move
BEGIN SELECT RAISE(ABORT, 'a move of money on a card is never deleted'); END;
CREATE TRIGGER purse_move_is_fixed BEFORE UPDATE ON purse_move
WHEN OLD.state > 2 OR OLD.op <> NEW.op OR OLD.card <> NEW.card OR OLD.reason <> NEW.reason
BEGIN SELECT RAISE(ABORT, 'a move of money that is over is never changed'); END;
