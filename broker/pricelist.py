"""The price list a scale sells by: products, cashiers, a rising version, a signature.

The back-office signs the encoded list with Ed25519; the scale keeps the bytes as they came and
refuses a list with a lower version than the one it has (reliability T9). First form: whole lists.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from broker.sale import Fen, Small, Steps
from broker.units import PriceBase

Name = Annotated[str, Meta(max_length=40)]


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


def product_of(prices: PriceList, plu: int) -> Product | None:
    """The product with that number, or None."""
    return next((p for p in prices.products if p.plu == plu), None)
