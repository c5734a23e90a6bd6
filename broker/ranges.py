"""Two journals compared by hashes over ranges of their numbers: what differs is found by halving.

Pure. The scale asks about 16 ranges at once, then about 16 parts of each one that differs, until
single entries are left: one difference among 100,000 takes five questions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from broker.compared import RangeHeld

WAYS = 16
MOST_ASKED = 32
MOST_FOUND = 1000
"""More differences than that are no longer listed one by one: the rest waits for the next time."""

Span = tuple[int, int]
"""First and last number, both included."""


def range_hash(bodies: Iterable[bytes]) -> bytes:
    """16 bytes over the bodies of a range, in order; an entry that is not there adds nothing."""
    whole = sha256()
    for body in bodies:
        whole.update(sha256(body).digest())
    return whole.digest()[:16]


def parts(span: Span) -> list[Span]:
    """A range in at most `WAYS` parts of nearly the same length."""
    first, last = span
    step = -(-(last - first + 1) // WAYS)
    return [(at, min(at + step - 1, last)) for at in range(first, last + 1, step)]


@dataclass(slots=True)
class Comparison:
    """How far a comparison has come."""

    waiting: list[Span]
    missing: list[int] = field(default_factory=list)
    """Entries that the office does not have."""
    other: list[int] = field(default_factory=list)
    """Entries that stand there with another content."""

    @classmethod
    def of(cls, first: int, last: int) -> "Comparison":
        """All entries from `first` to `last`."""
        return cls(parts((first, last)) if first <= last else [])

    @property
    def is_done(self) -> bool:
        """Nothing is left to ask."""
        return not self.waiting or len(self.missing) + len(self.other) >= MOST_FOUND

    def next(self) -> list[Span]:
        """Ranges to ask about now."""
        return self.waiting[:MOST_ASKED]

    def told(self, asked: Sequence[Span], differing: Iterable[RangeHeld]) -> None:
        """The answer to `asked`; ranges that were not asked about are ignored."""
        known = set(asked)
        self.waiting = [span for span in self.waiting if span not in known]
        for one in differing:
            span = (one.first, one.last)
            if span not in known:
                continue
            known.discard(span)
            if one.held == 0:
                room = MOST_FOUND - len(self.missing)
                self.missing += range(one.first, min(one.last, one.first + room - 1) + 1)
            elif one.first == one.last:
                self.other.append(one.first)
            else:
                self.waiting += parts(span)
