"""The price list a scale sells by: products, cashiers, a rising version, a signature.

The back-office signs the encoded list with Ed25519; the scale keeps the bytes as they came and
refuses a list with a lower version than the one it has (reliability T9). First form: whole lists.
What was added since stands last in each array, so that an older list still reads.
"""

from enum import IntEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from broker.cash_rounding import CashRule
from broker.sale import Fen, Small, Steps
from broker.units import PriceBase

Name = Annotated[str, Meta(max_length=40)]


class RuleKind(IntEnum):
    """What a price rule does; an unknown kind does nothing."""

    TIER = 1
    """From `least` grams or pieces on: `values` are unit prices, one per level."""
    PIECES_FOR = 2
    """`least` pieces together cost `values[0]`, whoever buys them."""
    MARKED_DOWN_BY = 3
    """`values[0]` percent off the unit price of every level."""
    MARKED_DOWN_TO = 4
    """`values` are unit prices, one per level."""


class Rule(msgspec.Struct, array_like=True, frozen=True):
    """Another price for a product, for a quantity or for some days (YYYYMMDD, inclusive)."""

    kind: Small
    """A `RuleKind`."""
    values: Annotated[list[Fen], Meta(min_length=1, max_length=10)]
    least: Small = 0
    first_day: Small = 0
    last_day: Small = 0
    """0 = no end."""


class Policy(msgspec.Struct, array_like=True, frozen=True):
    """What holds for every sale by a list."""

    cash: Annotated[list[CashRule], Meta(max_length=10)] = []
    goodwill: Small = 0
    """The cashier may let go what is below this sum (fen); 0 = nothing."""
    interval: Annotated[int, Meta(ge=1, le=10**6)] = 1
    """Amounts of lines are whole multiples of it, fen."""
    labels: Annotated[list[Annotated[str, Meta(max_length=20)]], Meta(max_length=40)] = []
    """Layouts of in-store bar codes (`broker.labels`), the first that fits is taken."""


class Product(msgspec.Struct, array_like=True, frozen=True):
    """One product: `prices[0]` is the shelf price, `prices[n]` that of member level n."""

    plu: Small
    name_zh: Name
    name_en: Name
    base: Small
    """A `PriceBase`; PIECE means sold by the piece."""
    prices: Annotated[list[Fen], Meta(min_length=1, max_length=10)]
    tare: Steps = 0
    """Container that goes with the product, grams."""
    key: Annotated[str, Meta(max_length=1)] = ""
    """Hot key: one digit or small letter; empty = only by number."""
    category: Name = ""
    rules: Annotated[list[Rule], Meta(max_length=20)] = []
    barcode: Annotated[str, Meta(pattern="^[0-9]{0,14}$")] = ""
    """GTIN on the package, digits as printed; empty = none."""

    @property
    def by_piece(self) -> bool:
        """True when sold by the piece, false when weighed."""
        return self.base == PriceBase.PIECE


class Cashier(msgspec.Struct, array_like=True, frozen=True):
    """A person who may sell; `verifier` is checked against the PIN, empty = no PIN asked."""

    number: Small
    name: Name
    verifier: Annotated[str, Meta(max_length=200)] = ""


class PriceList(msgspec.Struct, array_like=True, frozen=True):
    """Everything a scale needs to price; the version only rises."""

    version: Small
    store: Name
    stall: Name
    products: Annotated[list[Product], Meta(max_length=2000)]
    cashiers: Annotated[list[Cashier], Meta(max_length=500)]
    levels: Annotated[list[Name], Meta(max_length=10)] = []
    """Names of the price levels, index = level."""
    policy: Policy = Policy()


def product_of(prices: PriceList, plu: int) -> Product | None:
    """The product with that number, or None."""
    return next((p for p in prices.products if p.plu == plu), None)
