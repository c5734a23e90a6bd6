-- The price interval of a sale: amounts of its lines are whole multiples of it.
ALTER TABLE sale ADD COLUMN price_interval INTEGER NOT NULL DEFAULT 1;
