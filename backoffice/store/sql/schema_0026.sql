-- Stores whose records the office collects, instead of each scale sending them by itself.
-- 0 at once, 1 when asked (broker.collect.Upload).
ALTER TABLE store ADD COLUMN upload INTEGER NOT NULL DEFAULT 0 CHECK (upload IN (0, 1));

-- What the scale says holds there; -1: a program that knows no COLLECT, or has not said.
ALTER TABLE terminal ADD COLUMN upload INTEGER NOT NULL DEFAULT -1;
-- When its oldest unsent entry was written, Unix milliseconds; 0 = nothing waits.
ALTER TABLE terminal ADD COLUMN waits_since INTEGER NOT NULL DEFAULT 0;
-- The last collection that was asked for, and the last that brought everything; Unix seconds.
ALTER TABLE terminal ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE terminal ADD COLUMN collected INTEGER NOT NULL DEFAULT 0;
