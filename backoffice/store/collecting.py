"""Collections: which scales are collected from, what each was asked for and has brought."""

from dataclasses import dataclass

from backoffice.store.directory import ORG
from backoffice.store.statements import Statements


@dataclass(frozen=True, slots=True)
class CollectRow:
    """A scale that is enrolled and not suspended; times are Unix ms, numbers Unix seconds."""

    id: int
    code: str
    store: str
    epoch: int
    upto: int
    """Everything up to there is here."""
    seen_at: int
    seen_state: int
    """1 = connected when last heard."""
    unsent: int
    wanted: int
    """`broker.collect.Upload` of its store."""
    upload: int
    """The one it says; -1 = it knows no COLLECT, or has not said."""
    waits_since: int
    asked: int
    collected: int
    zone: str

    @property
    def is_open(self) -> bool:
        """It was asked, and has not brought everything yet."""
        return self.asked > self.collected


@dataclass(frozen=True, slots=True)
class Brought:
    """What came after an entry: entries, sales with their sum in fen, Z reports, those not OK."""

    entries: int
    sales: int
    total: int
    z_reports: int
    z_differing: int


class Collecting:
    """Reads only; what changes stands with the scale (`Directory`)."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def scales(self) -> list[CollectRow]:
        """Every scale that can be collected from, by store and code."""
        return [CollectRow(*row) for row in self._sql.rows("collect_list", org=ORG)]

    def brought(self, terminal: int, epoch: int, *, upto: int, since: int) -> Brought:
        """What a scale's journal has here after entry `upto`; entries since Unix ms `since`."""
        row = self._sql.one(
            "collect_brought",
            org=ORG, terminal=terminal, epoch=epoch, upto=upto, since=since,
        )  # fmt: skip
        assert row is not None, "a query of sums has one row"
        return Brought(*row)
