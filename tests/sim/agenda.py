"""Time of the simulated world: a heap of what is to happen, and a fingerprint of what did."""

import hashlib
import heapq
from collections.abc import Callable

START_MS = 1_795_500_000_000
"""2026-11-24 05:20 UTC, 13:20 in Shanghai."""


class Agenda:
    """What happens when; time moves only from one event to the next."""

    def __init__(self) -> None:
        self.now = 0
        """Milliseconds since the world began."""
        self.events = 0
        self._heap: list[tuple[int, int, str, Callable[[], None]]] = []
        self._order = 0
        self._seen = hashlib.blake2b(digest_size=8)

    @property
    def wall(self) -> int:
        """True time, Unix milliseconds; no program sees it but by its own clock."""
        return START_MS + self.now

    def after(self, wait_ms: int, name: str, happen: Callable[[], None]) -> None:
        """Puts an event `wait_ms` from now; equal times keep their order."""
        self._order += 1
        heapq.heappush(self._heap, (self.now + max(0, wait_ms), self._order, name, happen))

    def note(self, what: str | bytes) -> None:
        """Something that the fingerprint must cover."""
        self._seen.update(what if isinstance(what, bytes) else what.encode())

    @property
    def fingerprint(self) -> str:
        """16 hex digits: two runs that have it in common had the same history."""
        return self._seen.hexdigest()

    @property
    def next_at(self) -> int | None:
        """When the next event is."""
        return self._heap[0][0] if self._heap else None

    def step(self) -> bool:
        """The next event; false when there is none."""
        if not self._heap:
            return False
        self.now, _, name, happen = heapq.heappop(self._heap)
        self.events += 1
        self._seen.update(b"%d %s\n" % (self.now, name.encode()))
        happen()
        return True
