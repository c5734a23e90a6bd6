"""Tells a scanner from fingers: a burst of characters, each within 30 ms, that ends in Enter.

Used only where a scanner is set (`till.scanner`): the first digit of a burst looks like a hot key,
so every digit is held for those 30 ms, which tills without a scanner need not wait. Pure; `at` is
the second at which the terminal gave the key, so that a busy screen makes no burst of fingers.
"""

from dataclasses import dataclass

GAP_S = 0.03
"""Longest time between two characters of a scanner; fingers need 60 ms and more."""

LEAST_CHARACTERS = 6
"""Shortest code; what is shorter was typed."""

_SEPARATOR = "\x1d"


@dataclass(frozen=True, slots=True)
class Held:
    """A key that may belong to a burst: its name, and the character it stands for or ""."""

    name: str
    character: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is known now: keys that fingers pressed, in order, and a code that was scanned or ""."""

    keys: tuple[Held, ...] = ()
    code: str = ""


class Burst:
    """The keys held back at this moment."""

    def __init__(self) -> None:
        self._held: list[Held] = []
        self._last = 0.0

    @property
    def is_open(self) -> bool:
        """True while keys are held."""
        return bool(self._held)

    def feed(self, key: Held, at: float) -> Told:
        """One key of the terminal, given at monotonic second `at`."""
        late = self.let_go(at).keys
        if key.name == "enter" and len(self._held) >= LEAST_CHARACTERS:
            code = "".join(one.character for one in self._held)
            self._held = []
            return Told(late, code)
        if _begins(key) or (self._held and _goes_on(key)):
            self._held.append(key)
            self._last = at
            return Told(late)
        keys = (*late, *self._held, key)
        self._held = []
        return Told(keys)

    def let_go(self, at: float) -> Told:
        """The held keys when no burst came of them."""
        if not self._held or at - self._last <= GAP_S:
            return Told()
        keys, self._held = tuple(self._held), []
        return Told(keys)


def _begins(key: Held) -> bool:
    return len(key.character) == 1 and key.character in "0123456789]"


def _goes_on(key: Held) -> bool:
    return key.character == _SEPARATOR or (len(key.character) == 1 and "!" <= key.character <= "~")
