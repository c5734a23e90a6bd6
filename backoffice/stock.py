"""What lies at a stall and what it is worth: goods in, sold, wasted, counted. Pure.

Quantities are whole grams, or pieces; sums are whole fen. The cost is a moving average by day: what
was there in the morning and what came in that day are one heap, and all that leaves it that day
leaves at the heap's price, rounded once. A count closes what went before it: sales that were made
before it and arrive later change what was missing then, and not what was found.

For every row holds: value before + cost of what came in - cost of sold and wasted + cost of the
difference + revalued = value after.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from broker.units import round_half_away


class Word(StrEnum):
    """What a person says of stock; kept in the books."""

    IN = "in"
    WASTE = "waste"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class StockMove:
    """One thing that a person said; `quantity` of a count is what was found."""

    id: int
    day: int
    word: Word
    quantity: int
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Sold:
    """What was sold on a business day after count `since` (0 = before the first one)."""

    since: int
    day: int
    quantity: int


@dataclass(frozen=True, slots=True)
class StockDay:
    """One day of one product at one place; quantities and their costs."""

    day: int
    received: int = 0
    received_cost: int = 0
    sold: int = 0
    sold_cost: int = 0
    wasted: int = 0
    wasted_cost: int = 0
    difference: int = 0
    """Found less expected at a count; below zero = missing."""
    difference_cost: int = 0
    revalued: int = 0
    """When goods come in that were sold before: what the sales had been valued wrongly."""
    on_hand: int = 0
    value: int = 0


@dataclass(slots=True)
class _Slot:
    received: int = 0
    cost: int = 0
    wasted: int = 0
    sold: int = 0


@dataclass(slots=True)
class _Heap:
    """Quantity and value now, and the price of the heap as a fraction."""

    on_hand: int = 0
    value: int = 0
    price: tuple[int, int] = (0, 1)
    rows: list[StockDay] = field(default_factory=list)

    def worth(self, quantity: int) -> int:
        fen, per = self.price
        return round_half_away(fen * quantity, per)

    def take_in(self, quantity: int, cost: int) -> int:
        """Adds goods; what of the value is neither old nor cost."""
        before, self.on_hand = self.on_hand, self.on_hand + quantity
        if before <= 0 < quantity:
            self.price = (cost, quantity)
            expected, self.value = self.value + cost, self.worth(self.on_hand)
            return self.value - expected
        self.value += cost
        if self.on_hand > 0 and self.value >= 0:
            self.price = (self.value, self.on_hand)
        return 0

    def day(self, day: int, slot: _Slot) -> None:
        revalued = self.take_in(slot.received, slot.cost) if slot.received or slot.cost else 0
        sold_cost = self.worth(slot.sold)
        out_cost = self.worth(slot.sold + slot.wasted)
        self.on_hand -= slot.sold + slot.wasted
        self.value -= out_cost
        self.rows.append(
            StockDay(
                day, slot.received, slot.cost, slot.sold, sold_cost, slot.wasted,
                out_cost - sold_cost, revalued=revalued, on_hand=self.on_hand, value=self.value,
            )
        )  # fmt: skip

    def count(self, day: int, found: int) -> None:
        difference, value = found - self.on_hand, self.worth(found)
        cost = value - self.value
        self.on_hand, self.value = found, value
        self.rows.append(
            StockDay(
                day, difference=difference, difference_cost=cost, on_hand=found, value=value
            )
        )  # fmt: skip


def stock_days(moves: Sequence[StockMove], sold: Iterable[Sold]) -> list[StockDay]:
    """The days of one product at one place in order; moves are sorted by number."""
    slots: dict[tuple[int, int], _Slot] = {}
    counts: list[StockMove] = []
    for move in moves:
        since = counts[-1].id if counts else 0
        if move.word is Word.COUNT:
            counts.append(move)
            continue
        slot = slots.setdefault((since, move.day), _Slot())
        if move.word is Word.IN:
            slot.received += move.quantity
            slot.cost += move.cost
        else:
            slot.wasted += move.quantity
    for one in sold:
        slots.setdefault((one.since, one.day), _Slot()).sold += one.quantity
    heap = _Heap()
    for since, closing in zip(
        [0, *(one.id for one in counts)], [*counts, None], strict=True
    ):  # fmt: skip
        for day in sorted(day for before, day in slots if before == since):
            heap.day(day, slots[since, day])
        if closing is not None:
            heap.count(closing.day, closing.quantity)
    return heap.rows


_ADDED = ("received", "received_cost", "sold", "sold_cost", "wasted", "wasted_cost", "difference",
          "difference_cost", "revalued")  # fmt: skip


@dataclass(frozen=True, slots=True)
class StockPeriod:
    """One product at one place over some days: before, what happened, after."""

    opening: int
    opening_value: int
    sums: StockDay
    """What happened, added up; `on_hand` and `value` are those at the end."""


def over_period(days: Sequence[StockDay], first: int, last: int) -> StockPeriod:
    """The days `first`..`last` as one row."""
    before = [one for one in days if one.day < first]
    inside = [one for one in days if first <= one.day <= last]
    opening = before[-1] if before else StockDay(0)
    closing = inside[-1] if inside else opening
    added = {name: sum(getattr(one, name) for one in inside) for name in _ADDED}
    sums = StockDay(last, **added, on_hand=closing.on_hand, value=closing.value)
    return StockPeriod(opening.on_hand, opening.value, sums)
