"""From product, quantity and price level to a priced line; the till prices, the office re-checks.

Only whole numbers and the one rounding of `broker.units`. The price applied is the price shown:
a member's level picks another unit price, it never takes a percentage off a printed amount.
"""

import msgspec

from broker.errors import BrokerError
from broker.pricelist import Product
from broker.sale import Line, LineFlag
from broker.units import PriceBase, UnitPrice, Weight, amount_of, fits


class UnknownPlu(BrokerError):
    """No product of that number in the price list."""

    code = "unknown-plu"


class WrongUnit(BrokerError):
    """Pieces for goods sold by mass, or the other way round."""

    code = "wrong-unit"


def unit_price_at(product: Product, level: int) -> UnitPrice:
    """Unit price for a level (0 = shelf); a product without that level sells at its last one."""
    prices = product.prices
    return UnitPrice(prices[min(level, len(prices) - 1)], PriceBase(product.base))


def price_line(
    product: Product, net: Weight, *, level: int, tare: Weight | None = None, flags: int = 0
) -> Line:
    """One line: `net` of `product` at `level`, rounded once.

    Args:
        product: from the price list in force when the basket began.
        net: net weight, or pieces; negative gives the exact mirror.
        level: 0 = shelf price, 1..n = member levels.
        tare: what was taken off the gross weight, same unit as `net`.
        flags: `LineFlag` bits known to the caller; MEMBER_PRICE is set here.

    Raises:
        WrongUnit: pieces against mass.
    """
    price = unit_price_at(product, level)
    shelf = unit_price_at(product, 0)
    if not fits(net.unit, price.base):
        raise WrongUnit(f"PLU {product.plu} is priced per {price.base.symbol}")
    member = LineFlag.MEMBER_PRICE if price.minor != shelf.minor else 0
    return Line(
        plu=product.plu,
        quantity=net.value,
        unit=int(net.unit),
        unit_price=price.minor,
        base=int(price.base),
        shelf_price=shelf.minor,
        tare=tare.value if tare else 0,
        discount=0,
        amount=amount_of(net, price).minor,
        flags=flags | member,
    )


def repriced(line: Line, product: Product, level: int) -> Line:
    """The same goods at another level; quantity, tare, flags and evidence stay."""
    flags = line.flags & ~LineFlag.MEMBER_PRICE
    net = Weight(line.quantity, type(Weight(0).unit)(line.unit))
    tare = Weight(line.tare, net.unit)
    priced = price_line(product, net, level=level, tare=tare, flags=flags)
    return msgspec.structs.replace(priced, evidence=line.evidence)
