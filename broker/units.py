"""Money, weight, price and the one rounding rule; whole numbers only, never a float.

Money counts the organisation's minor unit ("fen" in code, whatever the currency). A weight counts
steps of the scale's unit, as the scale printed them; a unit price keeps the base it was entered
with, because converting a price first and rounding it gives another amount (7.640 kg at 1.29/lb is
21.73; through a rounded price per kg it is 21.70). Exact ratio: 1 lb = 453.59237 g by definition
(international pound, 1959), so every mass here is a whole number of hundredths of a milligram.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from typing import Self

from broker.errors import TooLarge

MAX_MINOR = 10**12
"""Largest sum in minor units in one field: ten thousand million of a two-decimal currency."""

MAX_STEPS = 10**9
"""Largest count of weight steps or pieces in one line."""


class WeightUnit(IntEnum):
    """The step of a scale's unit, or the piece; the number is what travels on the wire."""

    GRAM = 0
    TENTH_GRAM = 1
    MILLIGRAM = 2
    THOUSANDTH_LB = 3
    HUNDREDTH_LB = 4
    PIECE = 9

    @property
    def decimals(self) -> int:
        """Decimals when shown in kg, lb or pieces: 1235 GRAM is 1.235 kg."""
        return _DECIMALS[self]

    @property
    def symbol(self) -> str:
        """`kg`, `lb` or `pc`: the unit people read."""
        return _SYMBOLS[self]


class PriceBase(IntEnum):
    """What a unit price is the price of; the number is what travels on the wire."""

    KG = 0
    G500 = 1
    G50 = 2
    G100 = 3
    LB = 4
    QUARTER_LB = 5
    PIECE = 9

    @property
    def symbol(self) -> str:
        """How the base is written behind a price: `kg`, `500g`, `1/4lb`, `pc`."""
        return _BASE_SYMBOLS[self]


_DECIMALS = {
    WeightUnit.GRAM: 3,
    WeightUnit.TENTH_GRAM: 4,
    WeightUnit.MILLIGRAM: 6,
    WeightUnit.THOUSANDTH_LB: 3,
    WeightUnit.HUNDREDTH_LB: 2,
    WeightUnit.PIECE: 0,
}
_SYMBOLS = {
    WeightUnit.GRAM: "kg",
    WeightUnit.TENTH_GRAM: "kg",
    WeightUnit.MILLIGRAM: "kg",
    WeightUnit.THOUSANDTH_LB: "lb",
    WeightUnit.HUNDREDTH_LB: "lb",
    WeightUnit.PIECE: "pc",
}
_BASE_SYMBOLS = {
    PriceBase.KG: "kg",
    PriceBase.G500: "500g",
    PriceBase.G50: "50g",
    PriceBase.G100: "100g",
    PriceBase.LB: "lb",
    PriceBase.QUARTER_LB: "1/4lb",
    PriceBase.PIECE: "pc",
}

# Mass of one step and of one base in units of 0.0000025 g, the largest unit in which a quarter of
# a pound (113.3980925 g) is whole: 453.59237 g = 181,436,948 and a quarter is 45,359,237.
_PER_GRAM = 400_000
_STEP_MASS = {
    WeightUnit.GRAM: _PER_GRAM,
    WeightUnit.TENTH_GRAM: _PER_GRAM // 10,
    WeightUnit.MILLIGRAM: _PER_GRAM // 1000,
}
_LB_MASS = 181_436_948
_BASE_MASS = {
    PriceBase.KG: 1000 * _PER_GRAM,
    PriceBase.G500: 500 * _PER_GRAM,
    PriceBase.G50: 50 * _PER_GRAM,
    PriceBase.G100: 100 * _PER_GRAM,
    PriceBase.LB: _LB_MASS,
    PriceBase.QUARTER_LB: _LB_MASS // 4,
}
_LB_STEPS = {WeightUnit.THOUSANDTH_LB: 1000, WeightUnit.HUNDREDTH_LB: 100}


def round_half_away(numerator: int, denominator: int) -> int:
    """The quotient as a whole number, halves away from zero.

    The one rounding of the whole project; `denominator` is above zero. A refund is the exact mirror
    of its sale because the rule is symmetric.
    """
    quotient, rest = divmod(abs(numerator), denominator)
    whole = quotient + (1 if 2 * rest >= denominator else 0)
    return whole if numerator >= 0 else -whole


def decimal_text(value: int, decimals: int) -> str:
    """A whole number of small units written with `decimals` decimals: 1235, 3 -> "1.235"."""
    sign = "-" if value < 0 else ""
    digits = str(abs(value)).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """A sum in whole minor units ("fen"); may be negative."""

    minor: int

    def __post_init__(self) -> None:
        if abs(self.minor) > MAX_MINOR:
            raise TooLarge(f"{self.minor} minor units")

    def __add__(self, other: Self) -> "Money":
        return Money(self.minor + other.minor)

    def __sub__(self, other: Self) -> "Money":
        return Money(self.minor - other.minor)

    def __neg__(self) -> "Money":
        return Money(-self.minor)

    def text(self, exponent: int = 2) -> str:
        """The sum as people write it, without currency: 1580 -> "15.80"."""
        return decimal_text(self.minor, exponent)


@dataclass(frozen=True, slots=True)
class Weight:
    """A quantity as the scale gave it, or as it was counted: `value` steps of `unit`."""

    value: int
    unit: WeightUnit = WeightUnit.GRAM

    def __post_init__(self) -> None:
        if abs(self.value) > MAX_STEPS:
            raise TooLarge(f"{self.value} steps")

    @classmethod
    def from_decimal(cls, shown: Decimal, unit: WeightUnit) -> "Weight":
        """The weight that a scale printed as `shown` (kg, lb or pieces), exactly.

        Raises:
            TooLarge: when `shown` has digits finer than one step; nothing is rounded here.
        """
        steps = shown.scaleb(unit.decimals)
        whole = int(steps)
        if steps != whole:
            raise TooLarge(f"{shown} is finer than one step of {unit.name}")
        return cls(whole, unit)

    def text(self) -> str:
        """The number as shown, without its unit: 1235 GRAM -> "1.235"."""
        return decimal_text(self.value, self.unit.decimals)


Quantity = Weight
"""Pieces are counted with unit PIECE; one type serves both."""


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """A price as entered: `minor` fen for one `base`."""

    minor: int
    base: PriceBase = PriceBase.KG

    def __post_init__(self) -> None:
        if not 0 <= self.minor <= MAX_MINOR:
            raise TooLarge(f"unit price {self.minor}")

    def text(self, exponent: int = 2) -> str:
        """The price as people write it: 680 per KG -> "6.80"."""
        return decimal_text(self.minor, exponent)


def fits(unit: WeightUnit, base: PriceBase) -> bool:
    """True when a quantity in `unit` can be priced by `base`: pieces by pieces, mass by mass."""
    return (unit is WeightUnit.PIECE) == (base is PriceBase.PIECE)


def amount_of(quantity: Weight, price: UnitPrice, interval: int = 1) -> Money:
    """Price to pay: quantity times price over base, rounded once, half away from zero.

    `interval` is the price interval in minor units: the amount is a whole multiple of it.
    Pieces priced by mass are our own bug (ask `fits` first), so that is an assertion.
    """
    assert fits(quantity.unit, price.base), "pieces are priced by the piece, goods by mass"
    up, down = _RATIOS[quantity.unit, price.base]
    return Money(interval * round_half_away(quantity.value * price.minor * up, down * interval))


def plain_amount(
    quantity: int, unit: int, minor: int, base: int, *, interval: int = 1
) -> int | None:
    """The same of plain numbers as they travel; None for a unit or base unknown here.

    Raises:
        TooLarge: beyond what the agreement carries, a price below zero, pieces priced by mass.
    """
    ratio = _RATIOS.get((unit, base))
    if ratio is None:
        if unit in _DECIMALS and base in _BASE_SYMBOLS:
            raise TooLarge(f"{WeightUnit(unit).name} priced per {PriceBase(base).symbol}")
        return None
    if abs(quantity) > MAX_STEPS or not 0 <= minor <= MAX_MINOR:
        raise TooLarge(f"{quantity} steps at {minor}")
    amount = interval * round_half_away(quantity * minor * ratio[0], ratio[1] * interval)
    if abs(amount) > MAX_MINOR:
        raise TooLarge(f"{amount} minor units")
    return amount


def quantity_for(amount: Money, price: UnitPrice, unit: WeightUnit) -> Weight:
    """The weight that `amount` pays for at `price`, to the nearest step: derived, never weighed.

    For price labels, whose weight does not stand on them. 0 where the price is 0.
    """
    assert fits(unit, price.base), "pieces are priced by the piece, goods by mass"
    assert unit is not WeightUnit.PIECE, "a weight is derived, pieces are counted"
    if price.minor == 0:
        return Weight(0, unit)
    step, scale = _mass_of_step(unit)
    exact = amount.minor * _BASE_MASS[price.base] * scale
    return Weight(round_half_away(exact, price.minor * step), unit)


def is_at_least(quantity: Weight, least: int) -> bool:
    """True when there are `least` grams, or pieces, or more; the sign does not count."""
    if quantity.unit is WeightUnit.PIECE:
        return abs(quantity.value) >= least
    step, scale = _mass_of_step(quantity.unit)
    return abs(quantity.value) * step >= least * _PER_GRAM * scale


def _mass_of_step(unit: WeightUnit) -> tuple[int, int]:
    steps_per_lb = _LB_STEPS.get(unit)
    return (_LB_MASS, steps_per_lb) if steps_per_lb else (_STEP_MASS[unit], 1)


def _ratios() -> dict[tuple[int, int], tuple[int, int]]:
    """Bases in one step, as a fraction, of every unit that fits a base."""
    found: dict[tuple[int, int], tuple[int, int]] = {(WeightUnit.PIECE, PriceBase.PIECE): (1, 1)}
    for unit in (*_STEP_MASS, *_LB_STEPS):
        step, scale = _mass_of_step(unit)
        for base, mass in _BASE_MASS.items():
            found[unit, base] = (step, mass * scale)
    return found


_RATIOS = _ratios()
