"""When old entries leave the scale: once it has signed on, and every hour, while nobody buys.

The time of day is the office's then, so a clock that was set wrong lets nothing go too early.
"""

import contextlib
import logging
from dataclasses import dataclass

from scale_app.errors import JournalFull
from scale_app.journal.store import Journal
from scale_app.terminal.clock import Clock
from scale_app.terminal.office_line import OfficeLine

log = logging.getLogger("steelyard.journal")

DAY_MS = 86_400_000
LOOK_EVERY_S = 3600.0


@dataclass(slots=True)
class Clearing:
    """One small step at a time, until nothing is older than the days that are kept."""

    journal: Journal
    clock: Clock
    office: OfficeLine
    keep_days: int
    _look_at: float = 0.0
    _count: int = 0

    def tick(self, *, is_idle: bool) -> None:
        """The next step, if there is one and nobody waits; `is_idle`: no sale is under way."""
        office, now = self.office, self.clock.mono()
        knows = office.signed_on and office.signing.wanted and not office.past.is_open
        if not (is_idle and knows) or office.uploader.owed or now < self._look_at:
            return
        gone = 0
        with contextlib.suppress(JournalFull):  # it goes when there is room for saying so
            gone = self.journal.let_go.step(self.clock.wall_ms() - self.keep_days * DAY_MS)
        self._count += gone
        if gone == 0:
            self._look_at = now + LOOK_EVERY_S
            if self._count:
                log.info("%d entries older than %d days let go", self._count, self.keep_days)
            self._count = 0
