"""Wrong PINs at this till, counted on the disk, so that switching it off does not help to guess."""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager


class Tries:
    """Counter of wrong PINs since the last right one, and until when none is looked at."""

    def __init__(
        self, db: sqlite3.Connection, transaction: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._db = db
        self._transaction = transaction

    def standing(self) -> tuple[int, int]:
        """Wrong ones so far, and the Unix ms until which the till waits (0 = it does not)."""
        row = self._db.execute("SELECT failed, locked_until FROM pin_tries").fetchone()
        return (int(row[0]), int(row[1])) if row else (0, 0)

    def note(self, failed: int, locked_until: int) -> None:
        """Durable before anything is said."""
        with self._transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO pin_tries (id, failed, locked_until) VALUES (1, ?, ?)",
                (failed, locked_until),
            )
