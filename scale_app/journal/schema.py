"""Tables of the journal and how an older file becomes a newer one, in one transaction.

Money is fen, times are Unix milliseconds, ids are 16-byte ULIDs. An entry is never changed, and
deleted only behind a checkpoint: the triggers refuse it, and the chain shows whoever dropped them.
"""

import sqlite3

from scale_app.errors import JournalNewer

STEPS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE standing (
             id INTEGER PRIMARY KEY CHECK (id = 1),
             terminal TEXT NOT NULL,
             epoch INTEGER NOT NULL,
             last_seq INTEGER NOT NULL,
             head BLOB NOT NULL,
             upto INTEGER NOT NULL,
             next_receipt INTEGER NOT NULL,
             shift INTEGER NOT NULL,
             shift_opened_at INTEGER NOT NULL,
             welcome BLOB
           ) STRICT""",
        """CREATE TABLE entry (
             epoch INTEGER NOT NULL,
             seq INTEGER NOT NULL,
             kind INTEGER NOT NULL,
             at INTEGER NOT NULL,
             op BLOB NOT NULL,
             attempt INTEGER NOT NULL,
             body BLOB NOT NULL,
             PRIMARY KEY (epoch, seq)
           ) STRICT""",
        """CREATE TRIGGER entry_stays BEFORE UPDATE ON entry
           BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END""",
        """CREATE TRIGGER entry_is_kept BEFORE DELETE ON entry
           BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END""",
        """CREATE TABLE tender (
             op BLOB NOT NULL,
             attempt INTEGER NOT NULL,
             state TEXT NOT NULL,
             amount INTEGER NOT NULL,
             sale BLOB NOT NULL,
             undo_epoch INTEGER,
             undo_seq INTEGER,
             PRIMARY KEY (op, attempt)
           ) STRICT""",
        """CREATE INDEX tender_open ON tender (state) WHERE state IN ('INTENT', 'REVERSING')""",
        """CREATE TABLE sale (
             receipt INTEGER PRIMARY KEY,
             op BLOB NOT NULL UNIQUE,
             at INTEGER NOT NULL,
             shift INTEGER NOT NULL,
             sale BLOB NOT NULL,
             balance INTEGER
           ) STRICT""",
        "CREATE INDEX sale_of_shift ON sale (shift)",
        """CREATE TABLE closed_shift (
             shift INTEGER PRIMARY KEY,
             at INTEGER NOT NULL,
             report BLOB NOT NULL
           ) STRICT""",
        """CREATE TABLE price_list (
             id INTEGER PRIMARY KEY CHECK (id = 1),
             version INTEGER NOT NULL,
             payload BLOB NOT NULL,
             signature BLOB NOT NULL,
             received_at INTEGER NOT NULL
           ) STRICT""",
        """CREATE TABLE open_basket (
             id INTEGER PRIMARY KEY CHECK (id = 1),
             basket BLOB NOT NULL
           ) STRICT""",
    ),
    (
        """CREATE TABLE evidence (
             hash BLOB PRIMARY KEY CHECK (length(hash) = 8),
             record BLOB NOT NULL
           ) STRICT""",
        """CREATE TRIGGER evidence_stays BEFORE UPDATE ON evidence
           BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END""",
        """CREATE TRIGGER evidence_is_kept BEFORE DELETE ON evidence
           BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END""",
    ),
    (
        # Purses that were told to pay: a row stays while it is not known whether they did.
        """CREATE TABLE debit (
             op BLOB NOT NULL,
             attempt INTEGER NOT NULL,
             serial BLOB NOT NULL,
             card INTEGER NOT NULL,
             intent BLOB NOT NULL,
             PRIMARY KEY (op, attempt)
           ) STRICT""",
        """CREATE TABLE sam (
             id INTEGER PRIMARY KEY CHECK (id = 1),
             next_serial INTEGER NOT NULL
           ) STRICT""",
        "INSERT INTO sam (id, next_serial) VALUES (1, 1)",
    ),
    (
        # Selling to cards while nobody can be asked; see `journal.offline`.
        """CREATE TABLE terms (
             id INTEGER PRIMARY KEY CHECK (id = 1),
             version INTEGER NOT NULL,
             payload BLOB NOT NULL,
             signature BLOB NOT NULL
           ) STRICT""",
        """CREATE TABLE heard (
             id INTEGER PRIMARY KEY CHECK (id = 1),
             at INTEGER NOT NULL
           ) STRICT""",
        "CREATE TABLE seen_card (card INTEGER PRIMARY KEY) STRICT",
        """CREATE TABLE stand_in (
             op BLOB PRIMARY KEY,
             attempt INTEGER NOT NULL,
             card INTEGER NOT NULL,
             amount INTEGER NOT NULL
           ) STRICT""",
    ),
    (
        # Settings of the scale, start by start; see `journal.trail`.
        """CREATE TABLE scale_setting (
             number INTEGER PRIMARY KEY,
             at INTEGER NOT NULL,
             "before" BLOB NOT NULL,
             "after" BLOB NOT NULL,
             link BLOB NOT NULL CHECK (length(link) = 32)
           ) STRICT""",
        """CREATE TRIGGER scale_setting_stays BEFORE UPDATE ON scale_setting
           BEGIN SELECT RAISE(ABORT, 'a change of settings is never changed'); END""",
        """CREATE TRIGGER scale_setting_is_kept BEFORE DELETE ON scale_setting
           BEGIN SELECT RAISE(ABORT, 'a change of settings is never deleted'); END""",
    ),
    (
        """CREATE TABLE parked_basket (
             slot INTEGER PRIMARY KEY CHECK (slot BETWEEN 1 AND 8),
             basket BLOB NOT NULL
           ) STRICT""",
    ),
    (
        """CREATE TABLE pin_tries (
             id INTEGER PRIMARY KEY CHECK (id = 1),
             failed INTEGER NOT NULL,
             locked_until INTEGER NOT NULL
           ) STRICT""",
    ),
    (
        # How each closed shift's comparison with the back-office ended; numbers with commas.
        """CREATE TABLE z_verdict (
             epoch INTEGER NOT NULL,
             seq INTEGER NOT NULL,
             shift INTEGER NOT NULL,
             at INTEGER NOT NULL,
             repaired TEXT NOT NULL,
             differing TEXT NOT NULL,
             PRIMARY KEY (epoch, seq)
           ) STRICT""",
        "CREATE INDEX entry_z ON entry (epoch, seq) WHERE kind = 7",
    ),
    (
        # Epochs that have ended, and up to where the back-office had receipted them; what came
        # after that was entered again in a later one.
        """CREATE TABLE past_epoch (
             epoch INTEGER PRIMARY KEY,
             upto INTEGER NOT NULL
           ) STRICT""",
        """INSERT INTO past_epoch (epoch, upto)
             SELECT e.epoch, max(e.seq) FROM entry AS e
             WHERE e.epoch < (SELECT epoch FROM standing)
               AND NOT EXISTS (SELECT 1 FROM entry AS again
                               WHERE again.op = e.op AND again.attempt = e.attempt
                                 AND again.kind = e.kind AND again.epoch > e.epoch)
             GROUP BY e.epoch""",
    ),
    (
        # What this till has signed of its journal; of epochs before, until the office keeps it.
        """CREATE TABLE signature (
             epoch INTEGER NOT NULL,
             seq INTEGER NOT NULL,
             head BLOB NOT NULL,
             key BLOB NOT NULL CHECK (length(key) = 32),
             signature BLOB NOT NULL CHECK (length(signature) = 64),
             PRIMARY KEY (epoch, seq)
           ) STRICT""",
        """CREATE TRIGGER signature_stays BEFORE UPDATE ON signature
           BEGIN SELECT RAISE(ABORT, 'a signature is never changed'); END""",
        """CREATE TRIGGER signature_is_kept BEFORE DELETE ON signature
           WHEN OLD.epoch = (SELECT epoch FROM standing)
           BEGIN SELECT RAISE(ABORT, 'a signature is never deleted'); END""",
    ),
    (
        # What is older than the days that are kept goes; see `journal.let_go`.
        """CREATE TABLE checkpoint (
             epoch INTEGER PRIMARY KEY,
             seq INTEGER NOT NULL,
             head BLOB NOT NULL,
             key BLOB NOT NULL CHECK (length(key) = 32),
             signature BLOB NOT NULL CHECK (length(signature) = 64)
           ) STRICT""",
        """CREATE TRIGGER checkpoint_goes_forward BEFORE UPDATE ON checkpoint
           WHEN NEW.epoch <> OLD.epoch OR NEW.seq < OLD.seq
           BEGIN SELECT RAISE(ABORT, 'a checkpoint never goes back'); END""",
        """CREATE TRIGGER checkpoint_is_kept BEFORE DELETE ON checkpoint
           BEGIN SELECT RAISE(ABORT, 'a checkpoint is never deleted'); END""",
        "DROP TRIGGER entry_is_kept",
        """CREATE TRIGGER entry_is_kept BEFORE DELETE ON entry
           WHEN NOT EXISTS (SELECT 1 FROM checkpoint AS c
                            WHERE c.epoch = OLD.epoch AND c.seq >= OLD.seq)
           BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END""",
        "DROP TRIGGER signature_is_kept",
        """CREATE TRIGGER signature_is_kept BEFORE DELETE ON signature
           WHEN OLD.epoch = (SELECT epoch FROM standing)
             AND NOT EXISTS (SELECT 1 FROM checkpoint AS c
                             WHERE c.epoch = OLD.epoch AND c.seq >= OLD.seq)
           BEGIN SELECT RAISE(ABORT, 'a signature is never deleted'); END""",
    ),
    (
        # Lists that a basket put aside, or a purse in doubt, was priced by.
        """CREATE TABLE older_list (
             version INTEGER PRIMARY KEY,
             payload BLOB NOT NULL
           ) STRICT""",
    ),
)
"""Step n brings a file from version n to n + 1."""

VERSION = len(STEPS)


def migrate(db: sqlite3.Connection) -> None:
    """Brings the file to this program's version; the caller holds the transaction.

    Raises:
        JournalNewer: a newer program made it; downgrading is refused.
    """
    found: int = db.execute("PRAGMA user_version").fetchone()[0]
    if found > VERSION:
        raise JournalNewer(f"schema {found}, this program knows {VERSION}")
    for step in STEPS[found:]:
        for statement in step:
            db.execute(statement)
    if found < VERSION:
        db.execute(f"PRAGMA user_version = {VERSION}")
