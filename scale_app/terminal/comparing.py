"""A closed shift against the back-office's books: asked, repaired, asked again; then a verdict.

What the office lacks is sent once more, the same bytes; what stands there with another content is
listed, for no scale may change it. Runs when nothing else is owed, and again after a restart.
"""

from dataclasses import dataclass

from broker.compared import Compare, Compared, RangeHash
from broker.ranges import Comparison, Span, range_hash
from scale_app.journal.compared import ClosedShift, Verdict
from scale_app.journal.store import Journal

MOST_ROUNDS = 3
"""So often a shift is compared after a repair; what is still missing then is a difference."""
AGAIN_S = 60.0
AFTER_REPAIR_S = 2.0


@dataclass(slots=True)
class Comparing:
    """The comparison of one closed shift at a time."""

    journal: Journal
    due: float | None = None
    """Monotonic second at which the next question may go out; None = nothing to compare."""
    _closed: ClosedShift | None = None
    _comparison: Comparison | None = None
    _asked: tuple[Span, ...] = ()
    _repaired: tuple[int, ...] = ()
    _round: int = 0

    def wake(self, now: float) -> None:
        """A shift was closed, or the office is there again."""
        if self.due is None:
            self.due = now

    def lost(self) -> None:
        """The office is gone; what was asked is asked again when it is back."""
        self._asked, self.due = (), None

    def next_due(self) -> float | None:
        """When `question` may have something to ask."""
        return None if self._asked else self.due

    def question(self, now: float) -> Compare | None:
        """What to ask at `now`, if anything."""
        if self.due is None or now < self.due or self._asked:
            return None
        if self._closed is None:
            self._closed, self._round, self._repaired = self.journal.compared.waiting(), 0, ()
            self._comparison = None
        if self._closed is None:
            self.due = None
            return None
        if self._comparison is None:
            self._comparison = Comparison.of(self._closed.first, self._closed.seq)
        self._asked = tuple(self._comparison.next())
        ranges = [RangeHash(*span, self._hash(self._closed.epoch, span)) for span in self._asked]
        return Compare(self._closed.epoch, ranges)

    def _hash(self, epoch: int, span: Span) -> bytes:
        return range_hash(self.journal.compared.bodies(epoch, *span))

    def unanswered(self, now: float) -> None:
        """Nobody answered, or not as the contract says: asked again after a while."""
        self._asked, self.due = (), now + AGAIN_S

    def told(self, content: Compared, now: float) -> list[bytes]:
        """Takes an answer; bodies to send again."""
        closed, comparison = self._closed, self._comparison
        if closed is None or comparison is None:
            return []
        comparison.told(self._asked, content.differing)
        self._asked, self.due = (), now
        if not comparison.is_done or not comparison.missing or self._round >= MOST_ROUNDS:
            return []
        self._repaired += tuple(n for n in comparison.missing if n not in self._repaired)
        missing, self._comparison = comparison.missing, None
        self._round += 1
        self.due = now + AFTER_REPAIR_S
        return [self.journal.compared.bodies(closed.epoch, n, n)[0] for n in missing]

    def ended(self, at_ms: int) -> tuple[int, tuple[int, ...], tuple[int, ...]] | None:
        """Shift, entries repaired and entries differing once it is compared; None = not yet."""
        closed, comparison = self._closed, self._comparison
        if closed is None or comparison is None or self._asked or not comparison.is_done:
            return None
        left = tuple(sorted(comparison.missing + comparison.other))
        verdict = Verdict(tuple(n for n in self._repaired if n not in left), left)
        self.journal.compared.keep(closed, verdict, at_ms)
        self._closed = self._comparison = None
        return closed.shift, verdict.repaired, verdict.differing
