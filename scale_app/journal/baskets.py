"""The open basket and the parked ones, kept so that a power cut loses none.

A member is kept as number and level, an item as its line.
"""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager

import msgspec

from broker.sale import Line
from scale_app.checkout.basket import EMPTY_BASKET, PARKS, Basket, Item, Member
from scale_app.journal import evidence as evidence_rows


class _KeptBasket(msgspec.Struct, array_like=True):
    lines: list[Line]
    member: int | None
    level: int


def packed(basket: Basket) -> bytes:
    """The basket to keep."""
    member = basket.member
    number, level = (member.number, member.level) if member else (None, 0)
    return msgspec.msgpack.encode(_KeptBasket(basket.lines, number, level))


def unpacked(kept: bytes) -> Basket:
    """The basket that was kept."""
    found = msgspec.msgpack.decode(kept, type=_KeptBasket)
    member = Member(found.member, found.level) if found.member is not None else None
    return Basket(tuple(Item(line) for line in found.lines), member)


class Baskets:
    """The baskets of a journal."""

    def __init__(
        self, db: sqlite3.Connection, transaction: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._db = db
        self._transaction = transaction

    def keep(self, basket: Basket, evidence: bytes) -> None:
        """The open basket; the evidence of its last weighing, for good."""
        with self._transaction():
            if evidence:
                evidence_rows.keep(self._db, evidence)
            self._keep_open(basket)

    def park(self, slot: int, parked: Basket, basket: Basket) -> None:
        """What slot 1-8 holds from now on, and the open basket, together."""
        with self._transaction():
            self._db.execute("DELETE FROM parked_basket WHERE slot = ?", (slot,))
            if parked.items:
                self._db.execute(
                    "INSERT INTO parked_basket (slot, basket) VALUES (?, ?)", (slot, packed(parked))
                )
            self._keep_open(basket)

    def _keep_open(self, basket: Basket) -> None:
        if not basket.items:
            self._db.execute("DELETE FROM open_basket")
            return
        kept = packed(basket)
        self._db.execute("INSERT OR REPLACE INTO open_basket (id, basket) VALUES (1, ?)", (kept,))

    def open(self) -> Basket:
        """The basket that was open when the till stopped; empty when none was."""
        row = self._db.execute("SELECT basket FROM open_basket").fetchone()
        return EMPTY_BASKET if row is None else unpacked(row[0])

    def parked(self) -> tuple[Basket, ...]:
        """Slots 1 to 8; an empty basket where nothing is parked."""
        rows = self._db.execute("SELECT slot, basket FROM parked_basket").fetchall()
        kept = {slot: unpacked(basket) for slot, basket in rows}
        return tuple(kept.get(slot, EMPTY_BASKET) for slot in range(1, PARKS + 1))
