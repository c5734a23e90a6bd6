-- A card with a purse is known by its chip until it is written, by its purse's serial from then on.
DROP TRIGGER card_is_fixed;
CREATE TRIGGER card_is_fixed BEFORE UPDATE OF org, number, kind, opening, issued_at ON card
BEGIN SELECT RAISE(ABORT, 'this of a card is never changed'); END;
CREATE TRIGGER card_chip_is_fixed BEFORE UPDATE OF chip ON card WHEN OLD.state <> 0
BEGIN SELECT RAISE(ABORT, 'the chip of a card is never changed'); END;
