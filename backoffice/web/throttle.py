"""How often a password may be tried: pure, times are arguments in seconds.

After five wrong ones each further try waits, longer each time; a right one forgets them. Counted by
name and by address, so that neither one person nor one machine can be used for guessing.
"""

from typing import Final

FREE: Final = 5
FIRST_WAIT_S: Final = 15.0
LONGEST_WAIT_S: Final = 15 * 60.0
FORGOTTEN_S: Final = 3600.0
MOST: Final = 10_000


class Throttle:
    """Wrong tries by key."""

    def __init__(self) -> None:
        self._wrong: dict[str, tuple[int, float]] = {}

    def wait_s(self, keys: tuple[str, ...], now: float) -> float:
        """Seconds until the next try is looked at; 0 = at once."""
        return max((self._wait(key, now) for key in keys), default=0.0)

    def wrong(self, keys: tuple[str, ...], now: float) -> None:
        """One more wrong try."""
        if len(self._wrong) > MOST:
            self._wrong = {k: v for k, v in self._wrong.items() if now - v[1] < FORGOTTEN_S}
        for key in keys:
            self._wrong[key] = (self._count(key, now) + 1, now)

    def right(self, key: str) -> None:
        """The password was right: its tries are forgotten, those of the address are not."""
        self._wrong.pop(key, None)

    def _count(self, key: str, now: float) -> int:
        count, last = self._wrong.get(key, (0, now))
        return 0 if now - last > FORGOTTEN_S else count

    def _wait(self, key: str, now: float) -> float:
        count = self._count(key, now)
        if count < FREE:
            return 0.0
        pause = min(FIRST_WAIT_S * 2.0 ** min(count - FREE, 10), LONGEST_WAIT_S)
        return max(0.0, self._wrong[key][1] + pause - now)
