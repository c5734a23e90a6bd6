"""The basket: what the customer takes, and for whom it is priced. Pure values, never changed."""

from dataclasses import dataclass, field

from broker.cash_rounding import goodwill, rounding_rows
from broker.pricing import PLAIN, Terms, repriced
from broker.sale import MAX_LINES, Line, Sale, SaleKind, Tender, checked, saving_of
from scale_app.catalog import Catalog
from scale_app.checkout.copying import replace


@dataclass(frozen=True, slots=True)
class Member:
    """The member for whom the basket is priced."""

    number: int
    level: int


@dataclass(frozen=True, slots=True)
class Item:
    """A line, and the reading it was weighed from (None: counted, or restored after a stop)."""

    line: Line
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Basket:
    """Items in the order taken, all at the level of `member` (shelf price without one)."""

    items: tuple[Item, ...] = ()
    member: Member | None = None
    let_go: int = 0
    """The cashier lets go what is below this sum; other goods take that back, a member's price not:
    he was told that he pays no coins."""
    catalog: Catalog | None = field(default=None, compare=False)
    """What it was priced by, while it is put aside or comes from the disk; None = the desk's."""

    @property
    def level(self) -> int:
        """Price level: 0 = shelf."""
        return self.member.level if self.member else 0

    @property
    def lines(self) -> list[Line]:
        """The lines alone."""
        return [item.line for item in self.items]

    @property
    def total(self) -> int:
        """Fen to pay: the sum of the rounded lines, less what the cashier lets go."""
        return self._lines_total + self.goodwill

    @property
    def goodwill(self) -> int:
        """Fen that the cashier lets go, as a sum to add."""
        return goodwill(self._lines_total, self.let_go)

    @property
    def _lines_total(self) -> int:
        return sum(item.line.amount for item in self.items)

    def saving_at(self, interval: int) -> int:
        """Fen saved against the shelf price; `interval` is the price interval."""
        return sum(saving_of(item.line, interval) for item in self.items)

    @property
    def is_full(self) -> bool:
        """True when no further line fits into one sale."""
        return len(self.items) >= MAX_LINES

    def plus(self, item: Item) -> "Basket":
        """The basket with one item more."""
        return replace(self, items=(*self.items, item), let_go=0)

    def without_last(self) -> "Basket":
        """The basket without its last item."""
        return replace(self, items=self.items[:-1], let_go=0)

    def priced_for(self, member: Member | None, catalog: Catalog, terms: Terms = PLAIN) -> "Basket":
        """The same goods for another member, or for nobody: each line priced anew."""
        level = member.level if member else 0
        items = tuple(replace(i, line=_at_level(i.line, level, catalog, terms)) for i in self.items)
        return Basket(items, member, self.let_go)


EMPTY_BASKET = Basket()
"""Nothing taken, nobody known."""

PARKS = 8
"""Baskets that can be put aside."""

NONE_PARKED = (EMPTY_BASKET,) * PARKS


def _at_level(line: Line, level: int, catalog: Catalog, terms: Terms) -> Line:
    product = catalog.product(line.plu)
    return repriced(line, product, level, terms) if product else line


@dataclass(frozen=True, slots=True)
class SaleFacts:
    """What a sale takes from the till around it."""

    day: int
    shift: int
    cashier: int
    list_version: int
    interval: int = 1
    """Price interval of the list."""


def sale_of(basket: Basket, tender: Tender, facts: SaleFacts) -> Sale:
    """The closed basket: checked, so that nothing that does not add up is ever saved.

    What the tender pays beside the basket's total is cash rounding.
    """
    assert basket.items, "an empty basket is not sold"
    return checked(
        Sale(
            kind=SaleKind.SALE,
            day=facts.day,
            shift=facts.shift,
            cashier=facts.cashier,
            list_version=facts.list_version,
            member=basket.member.number if basket.member else None,
            level=basket.level,
            total=tender.amount,
            lines=basket.lines,
            rounding=rounding_rows(basket.goodwill, tender.amount - basket.total),
            tenders=[tender],
            interval=facts.interval,
        )
    )
