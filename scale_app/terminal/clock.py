"""The two clocks and the dice of a till, in one place, so that tests can hand in others."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from broker.uid import new_uid


@dataclass(frozen=True, slots=True)
class Clock:
    """Monotonic seconds for waiting, Unix milliseconds for records, random bytes for ids."""

    mono: Callable[[], float] = time.monotonic
    wall_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    dice: Callable[[int], bytes] = os.urandom

    def uid(self) -> bytes:
        """A fresh ULID."""
        return new_uid(self.wall_ms(), self.dice(10))

    def jitter(self) -> float:
        """0.8 to 1.2, so that a market's tills do not speak at the same instant."""
        return 0.8 + 0.4 * self.dice(1)[0] / 255
