"""What a till needs to sell to cards while nobody can be asked, in its journal.

Kept here: the signed terms as they came, when the office was last heard, the cards that it has
approved at this till, and the payments made without it. A payment counts against the limits from
its PAID entry until the office's receipt covers that entry.
"""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Generic, TypeVar

from broker.messages import Kind, Paid, SignedTerms
from broker.sale import Sale
from broker.stand_in import Terms, decode_terms
from scale_app.journal.debits import Book
from scale_app.journal.entries import Subject, append
from scale_app.tender_machine import TenderState

Kept = TypeVar("Kept")

_PAID_SINCE = (
    "SELECT e.seq, s.card, s.amount FROM entry AS e"
    " CROSS JOIN stand_in AS s ON s.op = e.op AND s.attempt = e.attempt"
    " WHERE e.epoch = ? AND e.seq > ? AND e.kind = ? ORDER BY e.seq"
)


class Offline(Generic[Kept]):
    """The stand-in's part of a journal; arguments as for `Debits`."""

    def __init__(
        self,
        db: sqlite3.Connection,
        transaction: Callable[[], AbstractContextManager[None]],
        move: Callable[[Subject, TenderState, TenderState], None],
        book: Book[Kept],
    ) -> None:
        self._db = db
        self._transaction = transaction
        self._move = move
        self._book = book
        self._looked = (0, 0, 0)
        """Epoch, receipt of the office and last entry when the sums were last asked for."""
        self._open: list[tuple[int, int, int]] = []
        """(entry, card, fen) of payments that were open then."""

    def save_paid(self, subject: Subject, sale: Sale, card: int) -> Kept:
        """The card pays without an answer: sale, counters and outbox, all together."""
        with self._transaction():
            self._move(subject, TenderState.INTENT, TenderState.PAID)
            self._db.execute(
                "INSERT INTO stand_in (op, attempt, card, amount) VALUES (?, ?, ?, ?)",
                (subject.op, subject.attempt, card, sale.total),
            )
            kept = self._book(subject, sale, None)
            receipt = self._db.execute("SELECT next_receipt - 1 FROM standing").fetchone()[0]
            append(self._db, Kind.PAID, subject, Paid(receipt, None, None, 1))
            return kept

    def sums(self, card: int) -> tuple[int, int]:
        """Fen not confirmed yet: of all cards, and of that one."""
        self._look()
        own = sum(amount for _, number, amount in self._open if number == card)
        return sum(amount for _, _, amount in self._open), own

    def _look(self) -> None:
        """Reads what is new alone: in an outage of days nobody waits for the whole outbox."""
        now = self._db.execute("SELECT epoch, upto, last_seq FROM standing").fetchone()
        epoch, upto, last = now
        was_epoch, was_upto, was_last = self._looked
        if epoch != was_epoch or upto < was_upto:  # begun anew, or the office was restored
            self._open, was_last = [], 0
        if last > was_last:
            since = (epoch, max(upto, was_last), int(Kind.PAID))
            self._open += self._db.execute(_PAID_SINCE, since).fetchall()
        self._open = [one for one in self._open if one[0] > upto]
        self._looked = now

    def knows(self, card: int) -> bool:
        """True when the office has approved or named the card at this till."""
        row = self._db.execute("SELECT 1 FROM seen_card WHERE card = ?", (card,)).fetchone()
        return row is not None

    def saw(self, card: int) -> None:
        """The office knows that card."""
        if not self.knows(card):
            with self._transaction():
                self._db.execute("INSERT INTO seen_card (card) VALUES (?)", (card,))

    def heard_at(self) -> int | None:
        """Unix ms at which the office was last heard, as kept; None = never."""
        row = self._db.execute("SELECT at FROM heard").fetchone()
        return int(row[0]) if row else None

    def heard(self, at_ms: int) -> None:
        """The office was heard."""
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO heard (id, at) VALUES (1, ?)", (at_ms,))

    def terms(self) -> Terms | None:
        """Limits and denied cards as last received, or None."""
        row = self._db.execute("SELECT payload FROM terms").fetchone()
        return decode_terms(row[0]) if row else None

    def keep_terms(self, offer: SignedTerms) -> None:
        """Keeps terms that were found genuine, as they came."""
        with self._transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO terms (id, version, payload, signature)"
                " VALUES (1, ?, ?, ?)",
                (offer.version, offer.payload, offer.signature),
            )
