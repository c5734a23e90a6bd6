"""The pan of a simulated till: what lies on it, and the readings that its scale sends.

Five readings a second while somebody uses it, and silence after that. The bytes of a scale and
their decoders have laws of their own; here readings go through instrument, stability and gate.
"""

from collections import Counter
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Final

from scale_app.config import ScaleTable
from scale_app.terminal import happened
from scale_app.terminal.devices import Put, Scale
from scale_app.weighing.reading import Fault, Mode, Reading

if TYPE_CHECKING:
    from tests.sim.till import Till

TABLE: Final = ScaleTable(port="none", protocol="st-gs")
STEP_G: Final = 5
MOST_G: Final = 4_000
EVERY_MS: Final = 200
EMPTY_READINGS: Final = 3
"""An empty pan is seen for so long before and after a load."""
MOST_READINGS: Final = 30
"""Then nobody looks any more: the weight grows old."""


class SimScale(Scale):
    """The till's scale without a line to it."""

    def open(self, put: Put) -> None:
        """Readings come from the pan."""


class Pan:
    """What lies there outlives the program.

    Args:
        strikes: lets the line break, the load be too heavy, and the goods be moved.
    """

    def __init__(self, till: "Till", chance: Random) -> None:
        self._till, self._chance = till, chance
        self.grams = 0
        self.strikes = False
        self.shown: Counter[int] = Counter()
        """Grams -> on how many loads they were shown as stable."""
        self._of_load: set[int] = set()
        self._turn = 0
        self._seq = 0
        self.pressed = False
        """Somebody has pressed a key for this load."""

    @property
    def is_loaded(self) -> bool:
        """True while goods lie there."""
        return self.grams > 0

    def load(self) -> None:
        """Goods are put down; the empty pan was looked at before."""
        self.grams = self._chance.randrange(20 * STEP_G, MOST_G, STEP_G)
        self._of_load, self.pressed = set(), False
        self._turn += 1
        self._next(-EMPTY_READINGS, self._turn)

    def clear(self) -> None:
        """The goods are taken away."""
        self.grams = 0
        self._turn += 1
        self._next(-EMPTY_READINGS, self._turn)

    def _next(self, number: int, turn: int) -> None:
        """Reading `number` of this load: below 0 the pan is empty, 0 and 1 it still moves."""
        if turn != self._turn or number == MOST_READINGS or (number >= 0 and not self.is_loaded):
            return
        if self._till.is_on:
            self._till.turn(happened.ReadingCame(self._reading(number)))
        if turn == self._turn:
            name = f"pan {self._till.code}"
            self._till.agenda.after(EVERY_MS, name, lambda: self._next(number + 1, turn))

    def _reading(self, number: int) -> Reading:
        self._seq += 1
        chance, now = self._chance, self._till.seconds()
        if self.strikes and chance.random() < 0.04:
            fault = chance.choice((Fault.OVERLOAD, Fault.DISCONNECTED, Fault.BAD_CHECKSUM))
            return Reading(fault=fault, t_mono=now, seq=self._seq)
        if self.strikes and number > 3 and chance.random() < 0.05:
            self.grams += STEP_G * chance.randint(1, 9)  # one more apple
            number = 0
        grams = self.grams if number >= 0 else 0
        is_stable = number < 0 or number > 1
        if is_stable and grams and grams not in self._of_load:
            self._of_load.add(grams)
            self.shown[grams] += 1
        grams += 0 if is_stable else STEP_G * chance.randint(-9, 9)
        weight = Decimal(grams).scaleb(-3)
        return Reading(
            weight=weight, stable=is_stable, mode=Mode.GROSS, raw=f"{weight:+}".encode(),
            t_mono=now, seq=self._seq,
        )  # fmt: skip
