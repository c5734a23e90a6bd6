"""The two clocks and the dice of a till, in one place, so that tests can hand in others."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from broker.uid import new_uid


def since_boot() -> float:
    """Seconds that nobody can set, counted while the machine sleeps, too."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass(slots=True)
class Clock:
    """Monotonic seconds for waiting, Unix milliseconds for records, random bytes for ids.

    From the first sign-on the time of day is the office's, counted on by a clock that nobody can
    set: a scale whose battery is empty, or whose clock jumps, sells on the right day.
    """

    mono: Callable[[], float] = time.monotonic
    system_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    dice: Callable[[int], bytes] = os.urandom
    running: Callable[[], float] | None = None
    """What the office's time is counted on by; None = `mono`."""
    _agreed: tuple[float, int] | None = None

    def agree(self, office_ms: int) -> None:
        """It is that moment now, the office says."""
        self._agreed = ((self.running or self.mono)(), office_ms)

    def wall_ms(self) -> int:
        """Unix milliseconds."""
        if self._agreed is None:
            return self.system_ms()
        at, office_ms = self._agreed
        return office_ms + round(((self.running or self.mono)() - at) * 1000)

    def uid(self) -> bytes:
        """A fresh ULID."""
        return new_uid(self.wall_ms(), self.dice(10))

    def jitter(self) -> float:
        """0.8 to 1.2, so that a market's tills do not speak at the same instant."""
        return 0.8 + 0.4 * self.dice(1)[0] / 255
