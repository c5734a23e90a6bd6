"""What pretend customers buy and how they pay: whole sales, from a seed, the same every time."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from broker.pricelist import Product
from broker.pricing import Terms, price_line
from broker.sale import Line, Rounding, RoundingKind, Sale, SaleKind, Tender, TenderKind
from broker.units import PriceBase, Weight, WeightUnit

HOURS: Final = (2, 5, 9, 10, 9, 6, 5, 5, 7, 10, 12, 11, 6, 3)
"""How busy each hour is, from seven in the morning."""
OPENS: Final = 7
WEEKDAYS: Final = (9, 9, 9, 10, 12, 16, 14)
LINES: Final = (1, 2, 3, 4, 4, 5, 6, 7)
"""Four lines a sale on average."""
LEVELS: Final = (1, 1, 1, 2)


@dataclass(frozen=True, slots=True)
class Visit:
    """One customer at one till: second of the day by the store's clock, and how it ends."""

    second: int
    way: TenderKind
    member: int
    """Number of the member in the chain, -1 for a stranger."""
    ends: str = "paid"
    """paid, void (taken back before it was paid) or refund (of the sale before)."""


class Shopping:
    """Draws visits and baskets; every choice comes from one seeded source."""

    def __init__(self, seed: int, products: Sequence[Product], members: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311  pretend customers
        self._products = list(products)
        self._weights = [1000 // (n + 3) + 1 for n in range(len(self._products))]
        self.rng.shuffle(self._weights)
        self.levels = [self.rng.choice(LEVELS) for _ in range(members)]
        self._members = members

    def visits(self, count: int, store: int) -> list[Visit]:
        """Visits of a till on one day, in order of time; most members stay with one store."""
        rng = self.rng
        hours = rng.choices(range(len(HOURS)), HOURS, k=count)
        seconds = sorted((OPENS + hour) * 3600 + rng.randrange(3600) for hour in hours)
        return [self._visit(second, store) for second in seconds]

    def _visit(self, second: int, store: int) -> Visit:
        rng = self.rng
        way = rng.choices(tuple(TenderKind), (38, 37, 10, 15))[0]
        member = -1
        if way is TenderKind.STORED_VALUE or rng.random() < 0.25:
            member = self._member(store)
        draw = rng.random()
        ends = "void" if draw < 0.01 and way is TenderKind.STORED_VALUE else "paid"
        return Visit(second, way, member, "refund" if 0.01 <= draw < 0.03 else ends)

    def _member(self, store: int) -> int:
        at_home = self._members // 20 or 1
        if self.rng.random() < 0.85:
            return min((store - 1) * at_home + self.rng.randrange(at_home), self._members - 1)
        return self.rng.randrange(self._members)

    def basket(self, level: int, day: int) -> list[Line]:
        """Lines of one sale, priced as a till prices them."""
        rng = self.rng
        chosen = rng.choices(self._products, self._weights, k=rng.choice(LINES))
        return [
            price_line(product, _amount_bought(rng, product), level=level, terms=Terms(day))
            for product in chosen
        ]

    def sale(self, visit: Visit, around: "Around", card: Tender | None) -> Sale:
        """A whole sale of a visit; `card` shows its token when it pays by stored value."""
        level = self.levels[visit.member] if visit.member >= 0 else 0
        lines = self.basket(level, around.day)
        total = sum(line.amount for line in lines)
        rounding = []
        if visit.way is TenderKind.CASH and total % 10:
            rounding.append(Rounding(RoundingKind.CASH, -(total % 10)))
        if self.rng.random() < 0.01 and total > 1000:
            rounding.append(Rounding(RoundingKind.GOODWILL, -50))
        total += sum(one.amount for one in rounding)
        return Sale(
            SaleKind.SALE, around.day, around.shift, around.cashier, around.list_version,
            around.member, level, total, lines, rounding,
            self._tenders(visit.way, total, card),
        )  # fmt: skip

    def _tenders(self, way: TenderKind, total: int, card: Tender | None) -> list[Tender]:
        if way is TenderKind.STORED_VALUE and card is not None:
            return [Tender(way, total, card.card, card.token_seq, card.token)]
        if way is TenderKind.CITY_CARD:
            number = 3_100_000_000_000_000_000 + self.rng.randrange(10**6)
            return [Tender(way, total, number, scheme="t-union")]
        if way is TenderKind.CASH and self.rng.random() < 0.05 and total > 1000:
            return [Tender(TenderKind.CASH, total - 500), Tender(TenderKind.QR, 500)]
        return [Tender(way, total)]


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a sale at its till."""

    day: int
    shift: int
    cashier: int
    list_version: int
    member: int | None


def _amount_bought(rng: random.Random, product: Product) -> Weight:
    if product.base == PriceBase.PIECE:
        return Weight(rng.randint(1, 4), WeightUnit.PIECE)
    return Weight(rng.randint(30, 500) * 5, WeightUnit.GRAM)


def given_back(sale: Sale, uid: bytes, around: Around) -> Sale:
    """The exact mirror of a sale, as a refund of all of it."""
    lines = [
        Line(one.plu, -one.quantity, one.unit, one.unit_price, one.base, one.shelf_price, 0,
             -one.discount, -one.amount, one.flags)
        for one in sale.lines
    ]  # fmt: skip
    return Sale(
        SaleKind.REFUND, around.day, around.shift, around.cashier, around.list_version,
        sale.member, sale.level, -sale.total, lines,
        [Rounding(one.kind, -one.amount) for one in sale.rounding],
        [Tender(one.kind, -one.amount, one.card, scheme=one.scheme) for one in sale.tenders],
        uid,
    )  # fmt: skip
