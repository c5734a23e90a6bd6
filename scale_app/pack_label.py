"""The label of a package: what its bar code and its element string say. Pure: line in, label out.

The bar code follows the first layout of the price list that holds the label: one with the price to
pay before one with the weight, since what stands on a package is the legal price. Goods with a
GTIN-14 of variable measure get a GS1 element string besides.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from broker.labels import (
    BadLabel,
    Layout,
    Measure,
    element_string,
    weighed_elements,
    write_in_store,
)
from broker.pricelist import Product
from broker.sale import Line
from broker.units import WeightUnit

_BEST_FIRST = (Measure.PRICE, Measure.WEIGHT)


@dataclass(frozen=True, slots=True)
class PackLabel:
    """One label to print: the line as it was priced, 13 digits, and a GS1 element string or none.

    Also what the checkout asks the till to do: print this, in that language.
    """

    line: Line
    code: str
    elements: str = ""
    seq: int = 0
    """The reading that the goods were weighed from."""
    name: str = ""
    """Of the product."""
    language: str = "en"


def pack_label(line: Line, product: Product, layouts: Iterable[Layout], exponent: int) -> PackLabel:
    """The label of a weighed line at its shelf price.

    Raises:
        BadLabel: no layout of the price list holds this product with this price or weight.
    """
    known = tuple(layouts)
    for measure in _BEST_FIRST:
        for layout in known:
            code = _code(line, layout, exponent) if layout.measure is measure else ""
            if code:
                return PackLabel(line, code, _elements(line, product, exponent))
    raise BadLabel(f"no layout holds item {line.plu}")


def _code(line: Line, layout: Layout, exponent: int) -> str:
    value = line.amount if layout.measure is Measure.PRICE else _grams(line)
    try:
        return "" if value is None else write_in_store(line.plu, value, layout, exponent)
    except BadLabel:
        return ""


def _grams(line: Line) -> int | None:
    return line.quantity if line.unit == WeightUnit.GRAM else None


def _elements(line: Line, product: Product, exponent: int) -> str:
    grams = _grams(line)
    try:
        elements = weighed_elements(product.barcode, grams or 0, line.amount, exponent)
        return element_string(elements) if grams else ""
    except BadLabel:
        return ""
