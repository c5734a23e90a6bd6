"""From product, quantity and price level to a priced line; the till prices, the office re-checks.

Only whole numbers and the one rounding of `broker.units`. The price applied is the price shown:
a member's level, a weight tier or a mark-down picks another unit price, and that one is multiplied;
none takes a percentage off a printed amount. Of several prices the lowest holds, so that nothing
adds up unseen. Only "n pieces for" is a discount on the line, as no unit price says it.
"""

from dataclasses import dataclass

import msgspec

from broker.cash_rounding import in_force
from broker.errors import BrokerError
from broker.pricelist import Product, Rule, RuleKind
from broker.sale import Line, LineFlag
from broker.units import (
    Money,
    PriceBase,
    UnitPrice,
    Weight,
    WeightUnit,
    amount_of,
    fits,
    is_at_least,
    quantity_for,
    round_half_away,
)


class UnknownPlu(BrokerError):
    """No product of that number in the price list."""

    code = "unknown-plu"


class WrongUnit(BrokerError):
    """Pieces for goods sold by mass, or the other way round."""

    code = "wrong-unit"


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds at the moment of pricing beside product, quantity and level."""

    day: int = 0
    """Business day YYYYMMDD, for dated rules; 0 = those that began long ago only."""
    interval: int = 1
    """Amounts are whole multiples of it, minor units."""


PLAIN = Terms()
"""No day, amounts to the minor unit."""

_FLAGS = {
    RuleKind.TIER: LineFlag.TIER_PRICE,
    RuleKind.MARKED_DOWN_BY: LineFlag.MARKED_DOWN,
    RuleKind.MARKED_DOWN_TO: LineFlag.MARKED_DOWN,
}
BY_RULE = LineFlag.MEMBER_PRICE | LineFlag.TIER_PRICE | LineFlag.MARKED_DOWN | LineFlag.PIECES_FOR
"""Bits that pricing sets; the others come with the goods."""


def unit_price_at(product: Product, level: int) -> UnitPrice:
    """Unit price for a level (0 = shelf); a product without that level sells at its last one."""
    return UnitPrice(_of_level(product.prices, level), PriceBase(product.base))


def _of_level(prices: list[int], level: int) -> int:
    return prices[min(level, len(prices) - 1)]


def price_in_force(
    product: Product, level: int, day: int, net: Weight | None = None
) -> tuple[UnitPrice, int]:
    """The lowest unit price for that quantity on that day, and the `LineFlag` of its rule or 0.

    Without a quantity (the key grid, goods not weighed yet) no tier holds.
    """
    price, flag = unit_price_at(product, level), 0
    for rule in product.rules:
        if not in_force(rule.first_day, rule.last_day, day):
            continue
        minor = _ruled(rule, product, level, net)
        if minor is not None and minor < price.minor:
            price, flag = UnitPrice(minor, price.base), _FLAGS[RuleKind(rule.kind)]
    return price, flag


def _ruled(rule: Rule, product: Product, level: int, net: Weight | None) -> int | None:
    if rule.kind == RuleKind.MARKED_DOWN_TO:
        return _of_level(rule.values, level)
    if rule.kind == RuleKind.MARKED_DOWN_BY:
        left = max(0, 100 - rule.values[0])
        return round_half_away(_of_level(product.prices, level) * left, 100)
    if rule.kind == RuleKind.TIER and net is not None and is_at_least(net, rule.least):
        return _of_level(rule.values, level)
    return None


def price_line(
    product: Product, net: Weight, *, level: int, tare: Weight | None = None, flags: int = 0,
    terms: Terms = PLAIN,
) -> Line:  # fmt: skip
    """One line: `net` of `product` at `level`, rounded once.

    Args:
        product: from the price list in force when the basket began.
        net: net weight, or pieces; negative gives the exact mirror.
        level: 0 = shelf price, 1..n = member levels.
        tare: what was taken off the gross weight, same unit as `net`.
        flags: `LineFlag` bits known to the caller; those of `BY_RULE` are set here.
        terms: business day and price interval.

    Raises:
        WrongUnit: pieces against mass.
    """
    if not fits(net.unit, PriceBase(product.base)):
        raise WrongUnit(f"PLU {product.plu} is priced per {PriceBase(product.base).symbol}")
    price, ruled = price_in_force(product, level, terms.day, net)
    shelf, _ = price_in_force(product, 0, terms.day, net)
    member = LineFlag.MEMBER_PRICE if price.minor != shelf.minor else 0
    amount = amount_of(net, price, terms.interval).minor
    line = Line(
        plu=product.plu, quantity=net.value, unit=int(net.unit), unit_price=price.minor,
        base=int(price.base), shelf_price=shelf.minor, tare=tare.value if tare else 0,
        discount=0, amount=amount, flags=flags | ruled | member,
    )  # fmt: skip
    grouped = _pieces_for(product, line, shelf, terms)
    return grouped if grouped is not None and abs(grouped.amount) < abs(amount) else line


def _pieces_for(product: Product, line: Line, shelf: UnitPrice, terms: Terms) -> Line | None:
    """The same pieces by the cheapest "n for" rule, at the shelf price less a discount."""
    if line.unit != WeightUnit.PIECE:
        return None
    full = amount_of(Weight(line.quantity, WeightUnit.PIECE), shelf, terms.interval).minor
    found = None
    for rule in product.rules:
        if rule.kind != RuleKind.PIECES_FOR or rule.least < 2:
            continue
        if not in_force(rule.first_day, rule.last_day, terms.day):
            continue
        groups, rest = divmod(abs(line.quantity), rule.least)
        paid = groups * rule.values[0] + rest * shelf.minor
        paid = terms.interval * round_half_away(paid, terms.interval)
        amount = paid if line.quantity >= 0 else -paid
        if groups and (found is None or paid < abs(found.amount)):
            flags = (line.flags & ~BY_RULE) | LineFlag.PIECES_FOR
            found = msgspec.structs.replace(
                line, unit_price=shelf.minor, discount=full - amount, amount=amount, flags=flags
            )
    return found


def label_line(product: Product, amount: int, *, level: int = 0, terms: Terms = PLAIN) -> Line:
    """A line at the price that stands on the package: that price is the legal one.

    The weight is derived from it at today's unit price and the line says so; what is sold by the
    piece is one piece at the label's price.
    """
    price, _ = price_in_force(product, level, terms.day)
    quantity = Weight(1, WeightUnit.PIECE)
    if price.base is PriceBase.PIECE:
        price = UnitPrice(amount, PriceBase.PIECE)
    else:
        quantity = quantity_for(Money(amount), price, WeightUnit.GRAM)
    return Line(
        plu=product.plu, quantity=quantity.value, unit=int(quantity.unit), unit_price=price.minor,
        base=int(price.base), shelf_price=price.minor, tare=0, discount=0, amount=amount,
        flags=int(LineFlag.LABEL_PRICE),
    )  # fmt: skip


def repriced(line: Line, product: Product, level: int, terms: Terms = PLAIN) -> Line:
    """The same goods at another level; quantity, tare, flags and evidence stay.

    A price that stands on a label stays too.
    """
    if line.flags & LineFlag.LABEL_PRICE:
        return line
    net = Weight(line.quantity, WeightUnit(line.unit))
    tare = Weight(line.tare, net.unit)
    priced = price_line(
        product, net, level=level, tare=tare, flags=line.flags & ~BY_RULE, terms=terms
    )
    return msgspec.structs.replace(priced, evidence=line.evidence)
