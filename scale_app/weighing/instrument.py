"""The facts on a scale's plate: verification interval, Max, Min, unit; and exact conversion.

A multi-interval scale weighs in larger steps above Max1 (`upper`); its tare stays in the first
range. Facts: OIML R 76-1 table 3 (Min of class III is 20 e), 3.3 and 4.10 (multi-interval), 4.2.3
(nothing indicated above Max + 9 e); maximum errors 3.5.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from broker.errors import TooLarge
from broker.units import Weight, WeightUnit

MINIMUM_INTERVALS: Final = 20
OVERLOAD_INTERVALS: Final = 9

_INITIAL_ERRORS: Final = ((500, Decimal("0.5")), (2000, Decimal(1)))
_LAST_ERROR: Final = Decimal("1.5")
"""Class III: (up to this many e, error in e); beyond, to 10 000 e, the last one (3.5.1, 3.5.2)."""

_SHIFT_TO_KG: Final = {"kg": 0, "g": -3, "t": 3}


@dataclass(frozen=True, slots=True)
class Instrument:
    """`e` and `maximum` in kg or lb, as on the plate; `unit` is the step our weights count in.

    `upper` are the further ranges of a multi-interval scale, rising: (above this load, e is this).
    `least` is Min where the plate says another than 20 e.
    """

    e: Decimal = Decimal("0.005")
    maximum: Decimal = Decimal(15)
    unit: WeightUnit = WeightUnit.GRAM
    upper: tuple[tuple[Decimal, Decimal], ...] = ()
    least: Decimal | None = None

    @property
    def minimum(self) -> Decimal:
        """The least load that may be sold without a warning."""
        return MINIMUM_INTERVALS * self.e if self.least is None else self.least

    @property
    def limit(self) -> Decimal:
        """The most that may be shown."""
        return self.maximum + OVERLOAD_INTERVALS * self.e_at(self.maximum)

    @property
    def most_tare(self) -> Decimal:
        """The largest tare: below Max, and within the first range of a multi-interval scale."""
        return self.upper[0][0] if self.upper else self.maximum - self.e

    def e_at(self, load: Decimal) -> Decimal:
        """The verification interval at this load."""
        steps = [e for above, e in self.upper if abs(load) > above]
        return steps[-1] if steps else self.e

    def permissible_error(self, load: Decimal) -> Decimal:
        """The largest error of class III in service at this load: twice the initial one."""
        e = self.e_at(load)
        intervals = abs(load) / e
        initial = next((error for most, error in _INITIAL_ERRORS if intervals <= most), _LAST_ERROR)
        return 2 * initial * e

    def shown(self, weight: Decimal, unit: str) -> Decimal | None:
        """A scale's figure in kg or lb, exactly; nothing when its unit is not this scale's."""
        if unit == self.unit.symbol:
            return weight
        shift = _SHIFT_TO_KG.get(unit)
        if shift is None or self.unit.symbol != "kg":
            return None
        return weight.scaleb(shift)

    def exact(self, shown: Decimal) -> Weight | None:
        """The figure as whole steps; nothing when it is finer than a step (never rounded)."""
        try:
            return Weight.from_decimal(shown, self.unit)
        except TooLarge:
            return None

    def is_on_step(self, weight: Decimal) -> bool:
        """True for a whole number of e, as a tare has to be."""
        return weight % self.e == 0
