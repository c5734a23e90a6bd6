-- In which epoch the PAID stands that waits for its INTENT; 0 = in that of the INTENT.
ALTER TABLE operation ADD COLUMN paid_epoch INTEGER NOT NULL DEFAULT 0;
