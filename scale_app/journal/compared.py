"""Which closed shifts were compared with the back-office, and how that ended."""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from broker.codec import decode
from broker.messages import Entry, ZReport
from broker.seal import link_of

WAITING = (
    "SELECT z.epoch, z.seq, z.body,"
    " max((SELECT coalesce(max(b.seq), 0) FROM entry AS b"
    "  WHERE b.epoch = z.epoch AND b.kind = 7 AND b.seq < z.seq),"
    "  coalesce((SELECT c.seq FROM checkpoint AS c WHERE c.epoch = z.epoch), 0))"
    " FROM entry AS z WHERE z.kind = 7 AND z.epoch = (SELECT epoch FROM standing)"
    " AND z.seq NOT IN (SELECT seq FROM z_verdict WHERE epoch = z.epoch)"
    " ORDER BY z.seq LIMIT 1"
)
"""Kind 7, the Z, stands in the text: for a parameter SQLite would not use the index of
the Zs alone, and after every sale the whole journal would be read."""


@dataclass(frozen=True, slots=True)
class ClosedShift:
    """A Z of this epoch: its entry, and the first entry of its shift."""

    epoch: int
    first: int
    seq: int
    shift: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a comparison ended: entries that were sent again, and those that still differ."""

    repaired: tuple[int, ...]
    differing: tuple[int, ...]


class Compared:
    """Closed shifts and their verdicts."""

    def __init__(
        self, db: sqlite3.Connection, transaction: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._db = db
        self._transaction = transaction

    def waiting(self) -> ClosedShift | None:
        """The oldest closed shift of this epoch without a verdict."""
        row = self._db.execute(WAITING).fetchone()
        if row is None:
            return None
        epoch, seq, body, before = row
        entry = decode(body)
        report = entry.content if isinstance(entry, Entry) else None
        assert isinstance(report, ZReport), "a Z entry holds a report"
        return ClosedShift(epoch, before + 1, seq, report.shift)

    def bodies(self, epoch: int, first: int, last: int) -> list[bytes]:
        """Entries as stored, in order."""
        rows = self._db.execute(
            "SELECT body FROM entry WHERE epoch = ? AND seq BETWEEN ? AND ? ORDER BY seq",
            (epoch, first, last),
        )
        return [row[0] for row in rows]

    def other_head(self, epoch: int, upto: int, head: bytes) -> bytes | None:
        """Our hash of entry `upto` when the office has another one there; None: no contradiction.

        So it is in an old copy of a journal that has sold since: as many entries, other ones.
        """
        bodies = self.bodies(epoch, upto, upto) if upto else []
        gone = self._db.execute(
            "SELECT head FROM checkpoint WHERE epoch = ? AND seq = ?", (epoch, upto)
        ).fetchone()
        ours = link_of(bodies[0]) if bodies else gone[0] if gone else head
        return None if ours == head else ours

    def keep(self, closed: ClosedShift, verdict: Verdict, at_ms: int) -> None:
        """The verdict, once."""
        told = (",".join(map(str, verdict.repaired)), ",".join(map(str, verdict.differing)))
        with self._transaction():
            self._db.execute(
                "INSERT OR IGNORE INTO z_verdict (epoch, seq, shift, at, repaired, differing)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (closed.epoch, closed.seq, closed.shift, at_ms, *told),
            )

    def verdict(self, shift: int) -> Verdict | None:
        """How the comparison of a shift ended; None = not yet."""
        row = self._db.execute(
            "SELECT repaired, differing FROM z_verdict WHERE shift = ? ORDER BY at DESC LIMIT 1",
            (shift,),
        ).fetchone()
        return Verdict(_numbers(row[0]), _numbers(row[1])) if row else None


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(","))) if text else ()
