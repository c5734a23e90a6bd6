"""The facts on a scale's plate: verification interval, Max, Min, unit; and exact conversion.

Facts: OIML R 76-1 table 3 (Min of class III is 20 e) and 4.2.3 (nothing indicated above Max + 9 e).
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from broker.errors import TooLarge
from broker.units import Weight, WeightUnit

MINIMUM_INTERVALS: Final = 20
OVERLOAD_INTERVALS: Final = 9

_SHIFT_TO_KG: Final = {"kg": 0, "g": -3, "t": 3}


@dataclass(frozen=True, slots=True)
class Instrument:
    """`e` and `maximum` in kg or lb, as on the plate; `unit` is the step our weights count in."""

    e: Decimal = Decimal("0.005")
    maximum: Decimal = Decimal(15)
    unit: WeightUnit = WeightUnit.GRAM

    @property
    def minimum(self) -> Decimal:
        """The least load that may be sold without a warning."""
        return MINIMUM_INTERVALS * self.e

    @property
    def limit(self) -> Decimal:
        """The most that may be shown."""
        return self.maximum + OVERLOAD_INTERVALS * self.e

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
