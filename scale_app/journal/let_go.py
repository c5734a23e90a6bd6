"""Entries that need not be kept any more go, in small steps, behind a signed checkpoint.

Gone may be what is older than the days that are kept, was receipted by the office, and belongs to
shifts whose Z was compared and agreed. The checkpoint names the last entry that went and its hash,
and the chain is verified from there; the triggers let nothing go that no checkpoint covers. With
the entries go the rows of their sales and tenders. Weighing evidence, Z reports and changes of
settings stay: nobody may delete those.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from broker.heads import is_signed
from broker.messages import Kind
from broker.seal import link_of
from scale_app.errors import JournalDamaged
from scale_app.journal.signatures import Signatures

STEP = 100
"""Entries that go in one transaction: some milliseconds, and never while a customer waits."""

_ENDS = (
    "SELECT o.epoch, (SELECT min(seq) FROM entry WHERE epoch = o.epoch),"
    " (SELECT max(seq) FROM entry WHERE epoch = o.epoch)"
    " FROM (SELECT min(epoch) AS epoch FROM entry) AS o"
)
"""Each end by itself is found in the index; asked for together, all entries would be read."""
_SETTLED = (
    "SELECT z.seq, v.differing FROM standing"
    " JOIN entry AS z ON z.epoch = standing.epoch AND z.kind = 7 AND z.at < ?"
    "  AND z.seq >= ? AND z.seq <= standing.upto"
    " LEFT JOIN z_verdict AS v ON v.epoch = z.epoch AND v.seq = z.seq ORDER BY z.seq"
)
_OLDEST_UNDO = (
    "SELECT min(undo_seq) FROM tender"
    " WHERE state IN ('INTENT', 'REVERSING') AND state = 'REVERSING' AND undo_epoch = ?"
)
"""Kind 7 is the Z; both conditions stand in the text as in their indexes, else SQLite uses none."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Entries of an epoch up to `seq` are gone; `head` is the hash of that one."""

    epoch: int
    seq: int
    head: bytes


@dataclass(frozen=True, slots=True)
class _Span:
    epoch: int
    first: int
    last: int
    final: int
    """Up to there no later epoch holds the same operations again."""


class LetGo:
    """What may go of one journal, and its going."""

    def __init__(
        self,
        db: sqlite3.Connection,
        transaction: Callable[[], AbstractContextManager[None]],
        signatures: Signatures,
    ) -> None:
        self._db = db
        self._transaction = transaction
        self._signatures = signatures

    def step(self, before_ms: int) -> int:
        """Lets some entries from before that moment go; how many, 0 = there is nothing more."""
        span = self._next(before_ms)
        if span is None:
            return 0
        with self._transaction():
            self._gone(span)
        return span.last - span.first + 1

    def checkpoint(self, epoch: int) -> Checkpoint | None:
        """Where an epoch's entries begin now; None = all of them are here."""
        row = self._db.execute(
            "SELECT epoch, seq, head FROM checkpoint WHERE epoch = ?", (epoch,)
        ).fetchone()
        return Checkpoint(*row) if row else None

    def has_begun(self) -> bool:
        """True when something has gone."""
        return self._db.execute("SELECT 1 FROM checkpoint").fetchone() is not None

    def _next(self, before_ms: int) -> _Span | None:
        (epoch,) = self._db.execute("SELECT epoch FROM standing").fetchone()
        oldest, first, last = self._db.execute(_ENDS).fetchone()
        if oldest is None or self._signatures.public is None:
            return None
        limit = self._limit(before_ms, epoch, first if oldest == epoch else 0)
        if limit == 0:
            return None
        if oldest == epoch:
            final = last = min(limit, first + STEP - 1)
        else:
            (upto,) = self._db.execute(
                "SELECT coalesce(max(upto), 0) FROM past_epoch WHERE epoch = ?", (oldest,)
            ).fetchone()
            last = min(last, first + STEP - 1)
            final = min(upto, last)
        return _Span(oldest, first, last, final) if first <= last else None

    def _limit(self, before_ms: int, epoch: int, first: int) -> int:
        """The last entry of the epoch in hand that may go with all before it; 0 = none.

        No further than a step needs to know.
        """
        limit = 0
        for seq, differing in self._db.execute(_SETTLED, (before_ms, first)):
            if differing != "" or limit >= first + STEP:
                break
            limit = seq
        (undo,) = self._db.execute(_OLDEST_UNDO, (epoch,)).fetchone()
        return limit if undo is None else min(limit, undo - 1)

    def _gone(self, span: _Span) -> None:
        # The checkpoint comes first: without it the triggers refuse all that follows.
        body = self._db.execute(
            "SELECT body FROM entry WHERE epoch = ? AND seq = ?", (span.epoch, span.last)
        ).fetchone()[0]
        self._signatures.checkpoint(span.epoch, span.last, link_of(body))
        ops = self._db.execute(
            "SELECT op, attempt, kind FROM entry WHERE epoch = ? AND seq BETWEEN ? AND ?",
            (span.epoch, span.first, span.final),
        ).fetchall()
        # A sale goes with its own PAID: its question may be many entries older.
        paid = [(op,) for op, _, kind in ops if kind == Kind.PAID]
        self._db.executemany("DELETE FROM sale WHERE op = ?", paid)
        self._db.executemany("DELETE FROM stand_in WHERE op = ?", paid)
        self._db.executemany(
            "DELETE FROM tender WHERE op = ? AND attempt = ?"
            " AND state IN ('PAID', 'DECLINED', 'REVERSED')",
            [(op, attempt) for op, attempt, _ in ops],
        )
        gone = (span.epoch, span.last)
        self._db.execute("DELETE FROM signature WHERE epoch = ? AND seq <= ?", gone)
        self._db.execute("DELETE FROM entry WHERE epoch = ? AND seq <= ?", gone)


def beginnings(db: sqlite3.Connection) -> Iterator[Checkpoint]:
    """Where the chains begin that have a checkpoint, each proved by its signature.

    Raises:
        JournalDamaged: one is not what was signed.
    """
    row = db.execute("SELECT terminal FROM standing").fetchone()
    for epoch, seq, head, key, signature in db.execute(
        "SELECT epoch, seq, head, key, signature FROM checkpoint"
    ):
        if not is_signed(row[0], epoch, seq, head, signature=signature, public=key):
            raise JournalDamaged(f"the checkpoint of epoch {epoch} is damaged")
        yield Checkpoint(epoch, seq, head)
