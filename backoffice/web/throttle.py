"""How often a password may be tried: pure, times are arguments in seconds.

A try counts from its beginning, so that many at once are no way around. After some wrong ones each
further try waits, longer each time; a right one takes back its own. Counted by name and by
address, so that neither one person nor one machine can be used for guessing.
"""

from collections import OrderedDict
from typing import Final

FREE: Final = 5
"""Wrong tries of a name without waiting."""
FREE_OF_ADDRESS: Final = 20
"""The same of an address: a whole office may stand behind one."""
FIRST_WAIT_S: Final = 15.0
LONGEST_WAIT_S: Final = 15 * 60.0
FORGOTTEN_S: Final = 3600.0
MOST: Final = 10_000


class Throttle:
    """Tries by name and by address that were not right, as far as is known."""

    def __init__(self) -> None:
        self._tries: OrderedDict[str, tuple[int, float]] = OrderedDict()

    @property
    def size(self) -> int:
        """How many names and addresses are remembered."""
        return len(self._tries)

    def begin(self, name: str, address: str, now: float) -> float:
        """Seconds to wait until a try is looked at; at 0 it is, and counts as wrong from now on."""
        wait = max(self._wait(name, FREE, now), self._wait(address, FREE_OF_ADDRESS, now))
        if wait > 0:
            return wait
        self._tidy(now)
        for key in (name, address):
            count = self._count(key, now) + 1
            self._tries[key] = (count, now)
            self._tries.move_to_end(key)
        return 0.0

    def right(self, name: str, address: str) -> None:
        """The try was right: those of the name are forgotten, of the address this one."""
        self._tries.pop(name, None)
        count, last = self._tries.get(address, (0, 0.0))
        if count > 1:
            self._tries[address] = (count - 1, last)
        else:
            self._tries.pop(address, None)

    def _tidy(self, now: float) -> None:
        """The oldest stand first, so that no try costs more than those that it drops."""
        while self._tries:
            _, last = next(iter(self._tries.values()))
            if len(self._tries) < MOST and now - last < FORGOTTEN_S:
                return
            self._tries.popitem(last=False)

    def _count(self, key: str, now: float) -> int:
        count, last = self._tries.get(key, (0, now))
        return 0 if now - last > FORGOTTEN_S else count

    def _wait(self, key: str, free: int, now: float) -> float:
        count = self._count(key, now)
        if count < free:
            return 0.0
        pause = min(FIRST_WAIT_S * 2.0 ** min(count - free, 10), LONGEST_WAIT_S)
        return max(0.0, self._tries[key][1] + pause - now)
