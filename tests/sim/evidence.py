"""What lies on the disks when the market is closed, and the form of a check over it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from broker.messages import Kind
from tests.sim import truth
from tests.sim.truth import Journal, Op, Sold

if TYPE_CHECKING:
    from tests.sim.world import World


@dataclass(frozen=True, slots=True)
class Found:
    """How often an invariant was looked at, and where it did not hold."""

    name: str
    promise: str
    checked: int
    broken: tuple[str, ...]


class Evidence:
    """What lies on the disks when the market is closed."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.books = world.office.books

    @cached_property
    def journals(self) -> list[Journal]:
        """By till."""
        return [truth.journal_of(till.code, till.disk.database) for till in self.world.tills]

    @cached_property
    def lost_journals(self) -> list[Journal]:
        """What stood on disks that were taken out of their tills."""
        return [
            truth.journal_of(till.code, disk) for till in self.world.tills for disk in till.lost
        ]

    @cached_property
    def lost_ops(self) -> set[Op]:
        """Operations that only a lost disk could tell the end of."""
        here = {op for one in self.journals for op in (*one.intents, *one.outcomes)}
        return {op for one in self.lost_journals for op in (*one.intents, *one.outcomes)} - here

    @cached_property
    def lost_and_waiting(self) -> set[str]:
        """Entries of those that wait in the books for others, as `report check` names them."""
        waiting = set(self.books.rows("SELECT op, attempt FROM operation WHERE state = 7"))
        return {
            f"{one.till} epoch {epoch} entry {seq}"
            for one in self.lost_journals
            for (epoch, seq), body in one.bodies.items()
            if truth.op_of(body) in self.lost_ops & waiting
        }

    @cached_property
    def swapped(self) -> set[str]:
        """Tills of which an old copy went on: it knows nothing of what the lost disk did."""
        return {till.code for till in self.world.tills if till.lost}

    @cached_property
    def reviewed(self) -> set[Op]:
        """Debits whose card paid elsewhere before it came back: a person has to look."""
        return {
            (op, attempt) for till in self.world.tills
            for op, attempt in till.disk.database.rows(
                "SELECT op, attempt FROM tender WHERE state = 'REVIEW'"
            )
        }  # fmt: skip

    @cached_property
    def proved_later(self) -> set[Op]:
        """Operations whose card was torn while it paid, and said later that it did."""
        return {
            op for one in self.journals for op, kinds in one.outcomes.items()
            if kinds == [Kind.UNSURE, Kind.PAID]
        }  # fmt: skip

    @cached_property
    def sold(self) -> list[Sold]:
        """Every receipt of every till, and of lost disks what had reached the office."""
        here = [one for j in self.journals for each in j.sold.values() for one in each]
        ops = {one.op for one in here}
        lost = {
            one.op: one for j in self.lost_journals for each in j.sold.values() for one in each
            if one.op not in ops and one.op in self.booked
        }  # fmt: skip
        return here + list(lost.values())

    @cached_property
    def booked(self) -> dict[bytes, tuple[object, ...]]:
        """Every sale in the books."""
        return truth.booked(self.books)

    @cached_property
    def balances(self) -> dict[str, tuple[int, int]]:
        """Every account."""
        return truth.balances(self.books)


Check = Callable[[Evidence], Iterator[str | int]]
"""Yields a number for things looked at, a text for each that is wrong."""
