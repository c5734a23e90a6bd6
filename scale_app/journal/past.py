"""Epochs of this journal that have ended: what the back-office had receipted of each.

What it had not was entered again in the next epoch. The rest is needed once more when the office
was put back to a backup from before the epoch began.
"""

import sqlite3


class PastEpochs:
    """Reads ended epochs; `carry_over` writes them down."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def marks(self) -> list[tuple[int, int]]:
        """(epoch, receipted up to), oldest first."""
        return self._db.execute("SELECT epoch, upto FROM past_epoch ORDER BY epoch").fetchall()

    def entries(self, epoch: int, after: int, limit: int) -> list[tuple[int, bytes]]:
        """Receipted entries of an ended epoch after number `after`, in order, as stored."""
        return self._db.execute(
            "SELECT e.seq, e.body FROM entry AS e JOIN past_epoch AS p ON p.epoch = e.epoch"
            " WHERE e.epoch = ? AND e.seq > ? AND e.seq <= p.upto ORDER BY e.seq LIMIT ?",
            (epoch, after, limit),
        ).fetchall()
