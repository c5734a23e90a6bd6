"""What the back-office lacks of epochs that have ended: sent before anything newer, oldest first.

An office that was put back to a backup tells at sign-on how much it holds of each epoch. In their
old order a sale is there before its refund and a question before its payment. An office that does
not confirm them stops nothing: after a few tries the present goes on, and the next sign-on tells
anew.
"""

import logging
from collections.abc import Callable, Sequence

from broker.messages import MOST_OLDER, EpochMark
from scale_app.journal.store import Journal
from scale_app.uploader import Uploader, fitting, parcel_of

MOST_TRIES = 4

log = logging.getLogger("steelyard.office")

Owed = tuple[int, int, int]
"""(epoch, held by the office up to, receipted once up to)"""


def owed(told: Sequence[EpochMark] | None, ours: Sequence[tuple[int, int]]) -> list[Owed]:
    """What the office lacks, for what it told of its epochs and what it had receipted to us."""
    if told is None:
        return []
    held = {one.epoch: one.upto for one in told}
    # A list that is full may end before our oldest epochs; nothing is known of those.
    first = min(held) if len(held) >= MOST_OLDER else 0
    return [
        (epoch, held.get(epoch, 0), upto)
        for epoch, upto in ours
        if epoch >= first and held.get(epoch, 0) < upto
    ]


class Past:
    """Sends ended epochs again."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._left: list[Owed] = []
        self._planner = Uploader()

    @property
    def is_open(self) -> bool:
        """True while something of an ended epoch is to be sent."""
        return bool(self._left)

    def signed_on(self, told: Sequence[EpochMark] | None) -> None:
        """The office said what it holds."""
        self._left = owed(told, self._journal.past.marks())
        if self._left:
            log.warning("the office lacks entries of ended epochs: %s", self._left)
        self._plan_first()

    def lost(self) -> None:
        """Nothing can be sent until the next sign-on."""
        self._left = []

    def next_due(self) -> float | None:
        """When `send` may have something to do."""
        return self._planner.next_due() if self._left else None

    def send(self, now: float, give: Callable[[bytes], bool], jitter: Callable[[], float]) -> None:
        """Sends what is due; `give` hands a body to the link."""
        while self._left and (parcel := self._planner.plan(now)):
            rows = self._journal.past.entries(self._planner.epoch, parcel.after, parcel.limit)
            if not rows or self._planner.tries >= MOST_TRIES:
                log.warning("epoch %d is sent no further", self._planner.epoch)
                self._done()
                continue
            rows = fitting(rows)
            if not give(parcel_of([body for _, body in rows])):
                return
            self._planner.sent_to(rows[-1][0], now, jitter())

    def receipted(self, epoch: int, upto: int, now: float) -> None:
        """The office holds everything of an ended epoch up to there."""
        if not self._left or epoch != self._planner.epoch:
            return
        self._planner.receipted(epoch, min(upto, self._planner.last_seq), now)
        if self._planner.owed == 0:
            self._done()

    def _done(self) -> None:
        del self._left[0]
        self._plan_first()

    def _plan_first(self) -> None:
        self._planner = Uploader()
        if self._left:
            self._planner.signed_on(*self._left[0])
