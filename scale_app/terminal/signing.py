"""When the till signs its journal, and when its signatures go to the office. No clock inside.

Signed is at each Z (`journal.store`), after 50 entries, and an hour after the last signature when
there is something new: on a SIM under 100 kB a month. A signature rides with the entries that it
covers, or follows them alone; it is sent again until the office says that it keeps it.
"""

import contextlib
import math
from collections.abc import Callable
from dataclasses import dataclass, field

from broker.codec import encode
from scale_app.errors import JournalFull
from scale_app.journal.store import Journal
from scale_app.uploader import WAIT_FIRST_S, WAIT_MOST_S, Uploader, parcel_of

AFTER_ENTRIES = 50
AFTER_S = 3600.0
RIDE_S = 20.0
"""So long a signature waits for entries to go with."""
MOST_AT_ONCE = 20

Jitter = Callable[[], float]


@dataclass(slots=True)
class Signing:
    """The signatures of one journal on their way."""

    journal: Journal
    wanted: bool = False
    """The office of the last sign-on keeps signatures."""
    _kept: int = 0
    """The office keeps one of this entry of the epoch in hand, or of a later one."""
    _end: tuple[int, int] | None = None
    _uncovered: int = 0
    _has_news: bool = True
    """There may be signatures that the office does not keep yet."""
    _signed_at: float = -math.inf
    _alone_at: float | None = None
    _sent: set[tuple[int, int]] = field(default_factory=set)
    _again_at: float | None = None
    _wait_s: float = WAIT_FIRST_S

    def tick(self, now: float, end: tuple[int, int]) -> None:
        """Signs when it is time; no room on the disk for it stops nobody.

        `end` is epoch and number of the last entry: what is not signed is counted when it grows.
        """
        if end != self._end:
            self._end, self._has_news = end, True
            self._uncovered = self.journal.signatures.uncovered()
        is_old = now - self._signed_at >= AFTER_S
        if self._uncovered >= AFTER_ENTRIES or (self._uncovered > 0 and is_old):
            with contextlib.suppress(JournalFull):
                self.journal.signatures.sign()
                self._signed_at, self._alone_at = now, now + RIDE_S
                self._uncovered, self._has_news = 0, True

    def welcomed(self, signed: int | None) -> None:
        """A sign-on told up to where the office keeps signatures; None: it keeps none."""
        self.wanted, self._kept, self._has_news = signed is not None, signed or 0, True
        self._rest()

    def send(
        self, uploader: Uploader, now: float, give: Callable[[bytes], bool], jitter: Jitter
    ) -> None:
        """Gives those to the link that nothing came to ride with, or that were sent in vain.

        Where entries wait until they are collected, signatures wait with them.
        """
        is_again = self._again_at is not None and now >= self._again_at
        waits = uploader.waits and uploader.owed > 0
        is_early = self._alone_at is not None and now < self._alone_at
        if is_early and not waits and not is_again:
            return
        self._alone_at = None
        if waits and not is_again:
            return
        if heads := self.bodies(uploader.upto, now, jitter):
            give(parcel_of(heads))

    def bodies(self, upto: int, now: float, jitter: Jitter) -> list[bytes]:
        """Signatures to send, of entries up to `upto`; each once until it is time again."""
        if not self.wanted or not self._has_news:
            return []
        if self._again_at is not None and now >= self._again_at:
            self._sent.clear()
            self._again_at, self._wait_s = None, min(2 * self._wait_s, WAIT_MOST_S)
        epoch, heads = self.journal.standing().epoch, self.journal.signatures.after(self._kept)
        self._has_news = bool(heads)
        chosen = [
            one
            for one in heads
            if (one.epoch != epoch or one.seq <= upto) and (one.epoch, one.seq) not in self._sent
        ][:MOST_AT_ONCE]
        if chosen and self._again_at is None:
            self._again_at = now + self._wait_s * jitter()
        self._sent |= {(one.epoch, one.seq) for one in chosen}
        return [encode(one) for one in chosen]

    def kept(self, epoch: int, signed: int | None) -> None:
        """A receipt told up to where the office keeps signatures of that epoch."""
        if not signed:
            return
        self._has_news = True
        if epoch == self.journal.standing().epoch:
            self._kept = max(self._kept, signed)
        else:
            with contextlib.suppress(JournalFull):
                self.journal.signatures.forget(epoch)
        if not self.journal.signatures.after(self._kept):
            self._rest()

    def _rest(self) -> None:
        self._sent.clear()
        self._again_at, self._wait_s = None, WAIT_FIRST_S

    def next_due(self) -> float | None:
        """Monotonic second at which something is sent alone, or again."""
        dues = [due for due in (self._alone_at, self._again_at) if due is not None]
        return min(dues, default=None)
