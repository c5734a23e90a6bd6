"""What a scanned bar code says: a product, and the weight, price, count or date on its label.

Plain numbers and in-store codes are read here; GS1 element strings (GS1-128, DataBar Expanded,
DataMatrix) by `biip`, loaded at the first one: it is not on the way to the first frame. biip lets
a wrong check digit inside an element string pass with a note; we do not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from broker.errors import TooLarge
from broker.labels import FNC1, BadLabel, Layout, Measure, has_check_digit, read_in_store
from broker.units import Weight, WeightUnit

if TYPE_CHECKING:
    from biip.gs1_element_strings import GS1ElementString

_PLAIN = ("]E0", "]E4", "]I0", "]C0", "]A0")
"""Symbology identifiers of codes that are just a number; GS1 ones are biip's business."""


@dataclass(frozen=True, slots=True)
class Label:
    """What is known of scanned goods; `item` or `gtin` says which product it is."""

    item: int | None = None
    """Number of the product (PLU), from an in-store code."""
    gtin: str = ""
    net: Weight | None = None
    price: int | None = None
    """Price to pay, minor units."""
    count: int | None = None
    last_day: int = 0
    """YYYYMMDD after which it must not be sold; 0 = none."""


def read_label(text: str, layouts: Iterable[Layout], exponent: int) -> Label:
    """The label in a scanned code.

    Raises:
        BadLabel: not a code that can be sold by: a wrong check digit, no product in it.
    """
    plain = text[3:] if text.startswith(_PLAIN) else text
    for layout in layouts:
        found = read_in_store(plain, layout, exponent)
        if found is not None:
            value = found.value
            return Label(
                item=found.item,
                net=Weight(value) if found.measure is Measure.WEIGHT else None,
                price=value if found.measure is Measure.PRICE else None,
                count=value if found.measure is Measure.COUNT else None,
            )
    if has_check_digit(plain):
        return Label(gtin=plain)
    return _from_elements(text, exponent)


def _from_elements(text: str, exponent: int) -> Label:
    import biip  # noqa: PLC0415  only the first element string pays for it

    message = biip.parse(text.strip(FNC1)).gs1_message
    if message is None:
        raise BadLabel("no GTIN and no element string")
    found = {one.ai.ai: one for one in message.element_strings}
    gtin = found.get("01")
    if gtin is None or gtin.gtin_error or not has_check_digit(gtin.value):
        raise BadLabel("no GTIN with its check digit")
    last = found.get("17")
    return Label(
        gtin=gtin.value,
        net=_net(found.values()),
        price=_price(found.values(), exponent),
        last_day=_day(last.date) if last and last.date else 0,
    )


def _net(elements: Iterable["GS1ElementString"]) -> Weight | None:
    for one in elements:
        if one.decimal is not None and one.ai.ai[:3] in ("310", "320"):
            return _weight(one.decimal, is_kg=one.ai.ai.startswith("310"))
    return None


def _weight(shown: Decimal, *, is_kg: bool) -> Weight:
    kg = (WeightUnit.GRAM, WeightUnit.TENTH_GRAM, WeightUnit.MILLIGRAM)
    for unit in kg if is_kg else (WeightUnit.HUNDREDTH_LB, WeightUnit.THOUSANDTH_LB):
        try:
            return Weight.from_decimal(shown, unit)
        except TooLarge:
            continue
    raise BadLabel("a weight finer than we know")


def _price(elements: Iterable["GS1ElementString"], exponent: int) -> int | None:
    for one in elements:
        if one.decimal is not None and one.ai.ai[:3] == "392":
            minor = one.decimal.scaleb(exponent)
            if minor != int(minor):
                raise BadLabel("a price finer than the currency")
            return int(minor)
    return None


def _day(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day
