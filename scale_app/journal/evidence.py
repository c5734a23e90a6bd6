"""Rows of weighing evidence: written once, under the hash that the sale's line carries."""

import sqlite3

from scale_app.errors import JournalBroken
from scale_app.weighing.evidence import Evidence, hash_of, unpacked


def keep(db: sqlite3.Connection, record: bytes) -> None:
    """Keeps the record inside the caller's transaction; the same one twice is one row."""
    db.execute(
        "INSERT OR IGNORE INTO evidence (hash, record) VALUES (?, ?)", (hash_of(record), record)
    )


def find(db: sqlite3.Connection, line_hash: bytes) -> Evidence | None:
    """The evidence of a line, or None.

    Raises:
        JournalBroken: the record is not the one that the line was sold by.
    """
    found = db.execute("SELECT record FROM evidence WHERE hash = ?", (line_hash,)).fetchone()
    if found is None:
        return None
    if hash_of(found[0]) != line_hash:
        raise JournalBroken(f"the evidence of {line_hash.hex()} was changed")
    return unpacked(found[0])
