"""Debits of purses in the journal: written before the card is told to pay, kept until proved.

Each verb is one transaction of the journal. While a row stands in `debit`, the card of that serial
is in doubt here and pays nothing else.
"""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import msgspec

from broker.messages import Declined, Kind, Paid, Reversing
from broker.sale import Sale
from card.intent import DebitIntent
from scale_app.journal.entries import Subject, append
from scale_app.tender_machine import TenderState

SERIALS_AT_ONCE = 100

Kept = TypeVar("Kept")
Kept_co = TypeVar("Kept_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A debit whose outcome is not known; `sale` as it stood in its INTENT."""

    op: bytes
    attempt: int
    state: TenderState
    card: int
    sale: Sale
    intent: DebitIntent


class Book(Protocol[Kept_co]):
    """Books a sale inside the caller's transaction."""

    def __call__(self, subject: Subject, sale: Sale, balance: int | None, /) -> Kept_co:
        """The sale with its receipt number."""
        ...


class Debits(Generic[Kept]):
    """The purse's part of a journal.

    Args:
        db: the journal's file.
        transaction: all of it durable, or none.
        move: a tender from one state to another; refuses when it is not in the first.
        book: see `Book`.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        transaction: Callable[[], AbstractContextManager[None]],
        move: Callable[[Subject, TenderState, TenderState], None],
        book: Book[Kept],
    ) -> None:
        self._db, self._transaction, self._move, self._book = db, transaction, move, book
        self._serials: list[int] = []

    def next_serial(self) -> int:
        """A number for the security module, never given before; a hundred are reserved at once."""
        if not self._serials:
            with self._transaction():
                first: int = self._db.execute("SELECT next_serial FROM sam").fetchone()[0]
                self._db.execute("UPDATE sam SET next_serial = ?", (first + SERIALS_AT_ONCE,))
            self._serials = list(range(first + SERIALS_AT_ONCE - 1, first - 1, -1))
        return self._serials.pop()

    def save_debit(self, subject: Subject, card: int, intent: DebitIntent) -> None:
        """The card is about to be told to pay; only after this it may be."""
        with self._transaction():
            self._move(subject, TenderState.INTENT, TenderState.CARD_DEBIT)
            self._db.execute(
                "INSERT INTO debit (op, attempt, serial, card, intent) VALUES (?, ?, ?, ?, ?)",
                (
                    subject.op, subject.attempt, intent.card_serial, card,
                    msgspec.msgpack.encode(intent),
                ),
            )  # fmt: skip

    def save_doubt(self, subject: Subject) -> None:
        """The card was told, and its answer is not known."""
        with self._transaction():
            self._move(subject, TenderState.CARD_DEBIT, TenderState.CARD_UNSURE)

    def save_paid(self, subject: Subject, old: TenderState, sale: Sale, balance: int) -> Kept:
        """The card has proved it: the sale whole with the proof, receipt number and outbox."""
        with self._transaction():
            self._end(subject, old, TenderState.PAID)
            receipt = self._next_receipt()
            kept = self._book(subject, sale, balance)
            append(self._db, Kind.PAID, subject, Paid(receipt, sale, balance))
            return kept

    def save_not_taken(self, subject: Subject, old: TenderState, code: int) -> None:
        """Nothing was taken."""
        with self._transaction():
            self._end(subject, old, TenderState.DECLINED)
            append(self._db, Kind.DECLINED, subject, Declined(code))

    def save_judged(
        self, subject: Subject, old: TenderState, new: TenderState, reason: int
    ) -> None:
        """For a person to look at: REVIEW (proof wrong) or OWED (taken, though cash was paid)."""
        with self._transaction():
            self._end(subject, old, new)
            append(self._db, Kind.UNSURE, subject, Reversing(reason))

    def park(self, subject: Subject, old: TenderState, reason: int) -> None:
        """The doubt stays, the goods stay here, the basket is free for the next customer."""
        with self._transaction():
            self._move(subject, old, TenderState.UNSURE_CLOSED)
            append(self._db, Kind.UNSURE, subject, Reversing(reason))
            self._db.execute("DELETE FROM open_basket")

    def cash_instead(self, subject: Subject, cash: tuple[Subject, Sale], reason: int) -> Kept:
        """The doubt stays, and the same basket is sold for cash."""
        with self._transaction():
            self._move(subject, TenderState.CARD_UNSURE, TenderState.UNSURE_CASH)
            append(self._db, Kind.UNSURE, subject, Reversing(reason))
            receipt = self._next_receipt()
            kept = self._book(*cash, None)
            append(self._db, Kind.PAID, cash[0], Paid(receipt, cash[1], None))
            return kept

    def doubts(self) -> list[Doubt]:
        """All debits whose outcome is not known, oldest first."""
        rows = self._db.execute(
            "SELECT d.op, d.attempt, t.state, d.card, t.sale, d.intent FROM debit d"
            " JOIN tender t ON t.op = d.op AND t.attempt = d.attempt ORDER BY d.rowid"
        ).fetchall()
        return [
            Doubt(
                op, attempt, TenderState(state), card,
                msgspec.msgpack.decode(sale, type=Sale),
                msgspec.msgpack.decode(intent, type=DebitIntent),
            )
            for op, attempt, state, card, sale, intent in rows
        ]  # fmt: skip

    def _end(self, subject: Subject, old: TenderState, new: TenderState) -> None:
        self._move(subject, old, new)
        self._db.execute(
            "DELETE FROM debit WHERE op = ? AND attempt = ?", (subject.op, subject.attempt)
        )

    def _next_receipt(self) -> int:
        row = self._db.execute("SELECT next_receipt FROM standing").fetchone()
        return int(row[0])
