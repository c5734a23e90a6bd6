"""Stock as the books know it: what people said of it, and what was sold of it.

A product at a place is kept from the first word about it on; what was sold before counts for
nothing. Sales are added up by day and by the last count before them, so that one which arrives late
finds its place.
"""

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from backoffice.rollups import Where, grams_of
from backoffice.stock import Sold, StockMove, Word
from backoffice.store.directory import ORG
from backoffice.store.statements import Row, Statements
from broker.sale import Sale
from broker.units import WeightUnit


class Item(NamedTuple):
    """A product at a place; `stall` 0 = the store's own, `unit` grams or pieces."""

    store: int
    stall: int
    plu: int
    unit: int


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One row that a person made; times are Unix milliseconds."""

    id: int
    at: int
    day: int
    word: Word
    quantity: int = 0
    cost: int = 0
    supplier: str = ""
    reference: str = ""
    reason: str = ""
    said_by: str = ""
    undoes: int = 0

    def with_(self, **changes: Any) -> "MoveRow":  # noqa: ANN401  the fields above
        """The row with other values."""
        return replace(self, **changes)


@dataclass(slots=True)
class _Tracked:
    """Since when an item is kept, and its counts by time."""

    since: int
    count_times: list[int] = field(default_factory=list)
    count_ids: list[int] = field(default_factory=list)


class Stock:
    """Adds rows and reads them back; nothing here is ever changed."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements
        self._tracked: dict[Item, _Tracked] | None = None

    def forget(self) -> None:
        """Drops what is remembered."""
        self._tracked = None

    def _kept(self) -> dict[Item, _Tracked]:
        if self._tracked is None:
            self._tracked = {}
            for *item, number, at, word in self._sql.rows("stock_kept", org=ORG):
                known = self._tracked.setdefault(Item(*item), _Tracked(at))
                if word == Word.COUNT:
                    known.count_times.append(at)
                    known.count_ids.append(number)
        return self._tracked

    def add_sale(self, sale: Sale, where: Where) -> None:
        """Takes what was sold off the products that are kept there."""
        kept = self._kept()
        if not kept:
            return
        for line in sale.lines:
            pieces = line.unit == WeightUnit.PIECE
            unit = WeightUnit.PIECE if pieces else WeightUnit.GRAM
            item = Item(where.store, where.stall, line.plu, int(unit))
            known = kept.get(item)
            if known is None or where.at < known.since:
                continue
            before = bisect_right(known.count_times, where.at)
            self._sql.run(
                "stock_sold_add",
                org=where.org, **item._asdict(), day=sale.day,
                since=known.count_ids[before - 1] if before else 0,
                quantity=line.quantity if pieces else grams_of(line.quantity, line.unit),
            )  # fmt: skip

    def next_number(self) -> int:
        """Number of the next row."""
        row = self._sql.one("stock_move_last", org=ORG)
        return int(row[0]) + 1 if row else 1

    def add(self, item: Item, move: MoveRow, *, op: bytes, n: int) -> None:
        """Keeps a row, number `n` of its operation."""
        self._sql.run(
            "stock_move_keep",
            org=ORG, id=move.id, op=op, n=n, at=move.at, day=move.day, **item._asdict(),
            word=move.word, quantity=move.quantity, cost=move.cost, supplier=move.supplier,
            reference=move.reference, reason=move.reason, person=move.said_by, undoes=move.undoes,
        )  # fmt: skip
        self.forget()

    def of_operation(self, op: bytes) -> list[MoveRow]:
        """The rows of an operation."""
        return [_found(row)[1] for row in self._sql.rows("stock_of_operation", org=ORG, op=op)]

    def move(self, number: int) -> tuple[Item, MoveRow] | None:
        """The row of that number, or None."""
        row = self._sql.one("stock_move_get", org=ORG, id=number)
        return _found(row) if row else None

    def is_undone(self, number: int) -> bool:
        """Was the row taken back?"""
        return self._sql.one("stock_undone", org=ORG, id=number) is not None

    def moves(self, first: int, last: int, *, most: int) -> list[tuple[Item, MoveRow]]:
        """Rows of these business days, newest first."""
        rows = self._sql.rows("stock_move_list", org=ORG, first=first, last=last, most=most)
        return [_found(row) for row in rows]

    def items(self) -> list[Item]:
        """Every product at every place that is kept."""
        return sorted(self._kept())

    def history(self, item: Item) -> tuple[list[StockMove], list[Sold]]:
        """All that was said of an item, and all that was sold of it."""
        said = self._sql.rows("stock_of_item", org=ORG, **item._asdict())
        sold = self._sql.rows("stock_sold_of_item", org=ORG, **item._asdict())
        return (
            [StockMove(n, day, Word(word), qty, cost) for n, day, word, qty, cost in said],
            [Sold(*row) for row in sold],
        )


def _found(row: Row) -> tuple[Item, MoveRow]:
    store, stall, plu, unit, number, at, day, word, *rest = row
    return Item(store, stall, plu, unit), MoveRow(number, at, day, Word(word), *rest)
