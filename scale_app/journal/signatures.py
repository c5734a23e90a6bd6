"""What the till has signed of its journal: each signature covers an entry and all before it.

Of the epoch in hand every one is kept, for an office that was put back to a backup wants them
again. Of an epoch that has ended one is left, over what the office holds of it, until that is kept.
"""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager

from broker.heads import HeadKey, SignedHead, is_signed
from broker.messages import VERSION, Kind
from broker.seal import link_of
from scale_app.errors import JournalDamaged
from scale_app.journal.kept import Standing

_ROWS = """
SELECT standing.terminal, s.epoch, s.seq, s.head, s.signature FROM standing, (
  SELECT epoch, seq, head, signature FROM signature UNION ALL
  SELECT c.epoch, c.seq, c.head, c.signature FROM checkpoint AS c JOIN standing USING (epoch)
) AS s WHERE s.epoch <> standing.epoch OR s.seq > ? ORDER BY s.epoch, s.seq
"""
_LAST = """
SELECT max(coalesce((SELECT max(s.seq) FROM signature AS s WHERE s.epoch = standing.epoch), 0),
           coalesce((SELECT c.seq FROM checkpoint AS c WHERE c.epoch = standing.epoch), 0)),
  last_seq FROM standing
"""


class Signatures:
    """The signatures of one journal; without a key nothing is signed."""

    def __init__(
        self,
        db: sqlite3.Connection,
        transaction: Callable[[], AbstractContextManager[None]],
        key: HeadKey | None,
    ) -> None:
        self._db = db
        self._transaction = transaction
        self._key = key

    @property
    def public(self) -> bytes | None:
        """The public half of the key in use, 32 bytes."""
        return self._key.public if self._key else None

    def sign(self) -> None:
        """Signs the last entry, durably."""
        with self._transaction():
            self.sign_here()

    def sign_here(self) -> None:
        """Signs the last entry inside the caller's transaction; once."""
        epoch, seq, head = self._db.execute("SELECT epoch, last_seq, head FROM standing").fetchone()
        self._sign(epoch, seq, head)

    def _sign(self, epoch: int, seq: int, head: bytes) -> None:
        if self._key is None or seq == 0:
            return
        (terminal,) = self._db.execute("SELECT terminal FROM standing").fetchone()
        self._db.execute(
            "INSERT OR IGNORE INTO signature (epoch, seq, head, key, signature)"
            " VALUES (?, ?, ?, ?, ?)",
            (epoch, seq, head, self._key.public, self._key.sign(terminal, epoch, seq, head)),
        )

    def uncovered(self) -> int:
        """Number of entries of this epoch that no signature covers; 0 without a key."""
        if self._key is None:
            return 0
        signed, last_seq = self._db.execute(_LAST).fetchone()
        return int(last_seq - signed)

    def last(self) -> int:
        """Number of the last entry of this epoch that is signed, 0 = none."""
        row = self._db.execute(_LAST).fetchone()
        return int(row[0]) if row else 0

    def checkpoint(self, epoch: int, seq: int, head: bytes) -> None:
        """Inside the caller's transaction: entries up to `seq` of that epoch are about to go."""
        assert self._key is not None, "nothing goes unsigned"
        (terminal,) = self._db.execute("SELECT terminal FROM standing").fetchone()
        signature = self._key.sign(terminal, epoch, seq, head)
        self._db.execute(
            "INSERT INTO checkpoint (epoch, seq, head, key, signature) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (epoch) DO UPDATE SET seq = excluded.seq, head = excluded.head,"
            " key = excluded.key, signature = excluded.signature",
            (epoch, seq, head, self._key.public, signature),
        )

    def after(self, kept: int) -> list[SignedHead]:
        """Signatures of this epoch after entry `kept`, before them those of epochs that ended."""
        rows = self._db.execute(_ROWS, (kept,)).fetchall()
        return [SignedHead(VERSION, Kind.SIGNED_HEAD, *row) for row in rows]

    def epoch_ended(self, old: Standing) -> None:
        """Inside the caller's transaction, when `old` is over: one signature is left of it.

        It covers what the office holds. Entries after that stand in the new epoch again.
        """
        row = self._db.execute(
            "SELECT body FROM entry WHERE epoch = ? AND seq = ?", (old.epoch, old.upto)
        ).fetchone()
        if row is not None:
            self._sign(old.epoch, old.upto, link_of(row[0]))
        self._db.execute(
            "DELETE FROM signature WHERE epoch = ? AND seq <> coalesce("
            "(SELECT max(seq) FROM signature WHERE epoch = ? AND seq <= ?), 0)",
            (old.epoch, old.epoch, old.upto),
        )

    def forget(self, epoch: int) -> None:
        """The office keeps what was signed of that epoch, which has ended."""
        with self._transaction():
            self._db.execute(
                "DELETE FROM signature WHERE epoch = ? AND epoch <> (SELECT epoch FROM standing)",
                (epoch,),
            )


class Signed:
    """Compares the chain, entry by entry, with what was signed of it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        rows = db.execute(
            "SELECT epoch, seq, head, key, signature FROM signature ORDER BY epoch, seq"
        ).fetchall()
        self._heads = {(epoch, seq): head for epoch, seq, head, _, _ in rows}
        # One of each epoch is enough: the others are bound to it by the chain.
        self._newest = {row[0]: row for row in rows}
        self._epochs: set[int] = set()

    def took(self, epoch: int, seq: int, link: bytes) -> None:
        """The next entry.

        Raises:
            JournalDamaged: it is not the one that was signed.
        """
        self._epochs.add(epoch)
        if self._heads.pop((epoch, seq), link) != link:
            raise JournalDamaged(f"entry {epoch}/{seq} is not what was signed")

    def verify(self, terminal: str) -> None:
        """After the last entry.

        Raises:
            JournalDamaged: something was signed that is not there, or a signature is none.
        """
        for epoch, seq in self._heads:
            if epoch in self._epochs:
                raise JournalDamaged(f"entry {epoch}/{seq} was signed and is missing")
        for epoch, seq, head, key, signature in self._newest.values():
            if not is_signed(terminal, epoch, seq, head, signature=signature, public=key):
                raise JournalDamaged(f"the signature of entry {epoch}/{seq} is damaged")
