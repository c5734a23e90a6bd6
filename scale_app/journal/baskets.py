"""The open basket and the parked ones, kept so that a power cut loses none.

A member is kept as number and level, an item as its line, the list that it was priced by as its
version; a list is kept as long as a basket, or a purse in doubt, names it, and the latest anyway.
"""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager

import msgspec

from broker.codec import decode_prices
from broker.sale import Line, Sale
from scale_app.catalog import Catalog, catalog_of
from scale_app.checkout.basket import EMPTY_BASKET, PARKS, Basket, Item, Member
from scale_app.journal import evidence as evidence_rows

LATEST_KEPT = 2
"""So many lists before the one in force are kept although nothing names them."""


class _KeptBasket(msgspec.Struct, array_like=True):
    lines: list[Line]
    member: int | None
    level: int
    list_version: int = 0


def packed(basket: Basket, list_version: int = 0) -> bytes:
    """The basket to keep; its own list counts more than the one named."""
    member = basket.member
    number, level = (member.number, member.level) if member else (None, 0)
    version = basket.catalog.version if basket.catalog else list_version
    return msgspec.msgpack.encode(_KeptBasket(basket.lines, number, level, version))


class Baskets:
    """The baskets of a journal."""

    def __init__(
        self, db: sqlite3.Connection, transaction: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._db = db
        self._transaction = transaction

    def keep(self, basket: Basket, evidence: bytes, list_version: int) -> None:
        """The open basket, priced by that list; the evidence of its last weighing, for good."""
        with self._transaction():
            if evidence:
                evidence_rows.keep(self._db, evidence)
            self._keep_open(basket, list_version)

    def park(self, slot: int, parked: Basket, basket: Basket) -> None:
        """What slot 1-8 holds from now on, and the open basket, together."""
        with self._transaction():
            self._db.execute("DELETE FROM parked_basket WHERE slot = ?", (slot,))
            if parked.items:
                self._db.execute(
                    "INSERT INTO parked_basket (slot, basket) VALUES (?, ?)", (slot, packed(parked))
                )
            self._keep_open(basket)

    def _keep_open(self, basket: Basket, list_version: int = 0) -> None:
        if not basket.items:
            self._db.execute("DELETE FROM open_basket")
            return
        kept = packed(basket, list_version)
        self._db.execute("INSERT OR REPLACE INTO open_basket (id, basket) VALUES (1, ?)", (kept,))

    def open(self) -> Basket:
        """The basket that was open when the till stopped; empty when none was."""
        row = self._db.execute("SELECT basket FROM open_basket").fetchone()
        return EMPTY_BASKET if row is None else self._unpacked(row[0], {})

    def parked(self) -> tuple[Basket, ...]:
        """Slots 1 to 8; an empty basket where nothing is parked."""
        rows = self._db.execute("SELECT slot, basket FROM parked_basket").fetchall()
        seen: dict[int, Catalog | None] = {}
        kept = {slot: self._unpacked(basket, seen) for slot, basket in rows}
        return tuple(kept.get(slot, EMPTY_BASKET) for slot in range(1, PARKS + 1))

    def _unpacked(self, kept: bytes, seen: dict[int, Catalog | None]) -> Basket:
        found = _read(kept)
        if found.list_version not in seen:
            seen[found.list_version] = self.catalog(found.list_version)
        member = Member(found.member, found.level) if found.member is not None else None
        items = tuple(Item(line) for line in found.lines)
        return Basket(items, member, catalog=seen[found.list_version])

    def catalog(self, version: int) -> Catalog | None:
        """The list of that version, while it is in force or named; None when it is not here."""
        row = self._db.execute(
            "SELECT payload FROM price_list WHERE version = ?1"
            " UNION ALL SELECT payload FROM older_list WHERE version = ?1",
            (version,),
        ).fetchone()
        return catalog_of(decode_prices(row[0])) if row else None

    def keep_list(self) -> None:
        """A new list comes: what is named stays, and the latest; in the caller's transaction."""
        self._db.execute(
            "INSERT OR REPLACE INTO older_list (version, payload)"
            " SELECT version, payload FROM price_list"
        )
        # A basket whose first goods still settle on the pan is not here yet: it names one of these.
        kept = self._named() | set(self._older()[:LATEST_KEPT])
        for version in self._older():
            if version not in kept:
                self._db.execute("DELETE FROM older_list WHERE version = ?", (version,))

    def _older(self) -> list[int]:
        """Versions of the lists before the one in force that are here, newest first."""
        rows = self._db.execute("SELECT version FROM older_list ORDER BY version DESC")
        return [version for (version,) in rows.fetchall()]

    def _named(self) -> set[int]:
        """Versions of lists that something was priced by and is not sold yet."""
        kept = self._db.execute(
            "SELECT basket FROM open_basket UNION ALL SELECT basket FROM parked_basket"
        ).fetchall()
        in_doubt = self._db.execute(
            "SELECT t.sale FROM debit AS d JOIN tender AS t USING (op, attempt)"
        ).fetchall()
        sales = [msgspec.msgpack.decode(row[0], type=Sale) for row in in_doubt]
        return {_read(row[0]).list_version for row in kept} | {one.list_version for one in sales}


def _read(kept: bytes) -> _KeptBasket:
    return msgspec.msgpack.decode(kept, type=_KeptBasket)
