"""What can be sold and at which price: the price list as last received, ready to look things up.

A list is taken only when the back-office's signature fits and its version is not older than the
one in force (reliability T9); when it takes effect is the checkout's business (the next basket).
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from broker.codec import decode_prices
from broker.errors import BadMessage
from broker.labels import BadLabel, Layout, layout_of
from broker.messages import SignedPrices
from broker.pricelist import Cashier, PriceList, Product
from broker.seal import is_genuine
from scale_app.errors import PricesRefused


@dataclass(frozen=True, slots=True)
class Catalog:
    """One version of the price list; an empty one has version 0 and sells nothing."""

    prices: PriceList
    by_plu: dict[int, Product]
    by_key: dict[str, Product]
    by_barcode: dict[str, Product]
    """By GTIN of 14 digits."""
    layouts: tuple[Layout, ...] = ()
    """In-store bar codes that this list knows; one that cannot be read here is left out."""

    @property
    def version(self) -> int:
        """Version of the list."""
        return self.prices.version

    def product(self, plu: int) -> Product | None:
        """The product of that number, or None."""
        return self.by_plu.get(plu)

    def with_barcode(self, gtin: str) -> Product | None:
        """The product with that GTIN of 8 to 14 digits, or None."""
        return self.by_barcode.get(gtin.zfill(14))

    def on_key(self, key: str) -> Product | None:
        """The product on a hot key, or None."""
        return self.by_key.get(key)

    def level_name(self, level: int) -> str:
        """Name of a member level; empty for the shelf price, the number when it has no name."""
        if level == 0:
            return ""
        names = self.prices.levels
        return names[level] if level < len(names) else str(level)

    def cashier_name(self, number: int) -> str:
        """Name of a cashier; the number when the list does not know him."""
        known = (c.name for c in self.prices.cashiers if c.number == number)
        return next(known, str(number) if number else "")

    def cashier_after(self, number: int) -> Cashier | None:
        """The cashier who follows `number` in the list, round and round; None for an empty list."""
        cashiers = self.prices.cashiers
        if not cashiers:
            return None
        numbers = [c.number for c in cashiers]
        place = numbers.index(number) + 1 if number in numbers else 0
        return cashiers[place % len(cashiers)]

    def has_cashier(self, number: int) -> bool:
        """True when the list names that cashier."""
        return any(c.number == number for c in self.prices.cashiers)


def catalog_of(prices: PriceList) -> Catalog:
    """The list with its look-up tables; the first of two products on one key keeps it."""
    by_key: dict[str, Product] = {}
    for product in prices.products:
        if product.key:
            by_key.setdefault(product.key, product)
    by_barcode = {p.barcode.zfill(14): p for p in prices.products if p.barcode}
    by_plu = {p.plu: p for p in prices.products}
    return Catalog(prices, by_plu, by_key, by_barcode, tuple(_layouts(prices.policy.labels)))


def _layouts(texts: Iterable[str]) -> Iterator[Layout]:
    for text in texts:
        with suppress(BadLabel):
            yield layout_of(text)


NO_CATALOG = catalog_of(PriceList(0, "", "", [], []))
"""What a till sells by before its first price list: nothing."""


def product_name(product: Product, language: str) -> str:
    """The product's name in the language of the screen, or whichever name it has."""
    first, second = product.name_en, product.name_zh
    if language.startswith("zh"):
        first, second = second, first
    return first or second or str(product.plu)


def accepted_prices(offer: SignedPrices, office_key: bytes, version: int) -> PriceList:
    """The list in `offer`, when it may be sold by.

    Args:
        offer: as received.
        office_key: raw 32-byte Ed25519 public key of the back-office.
        version: of the list in force; 0 when there is none.

    Raises:
        PricesRefused: bad signature, unreadable, or not newer.
    """
    if not is_genuine(offer.payload, offer.signature, office_key):
        raise PricesRefused("the signature is not the back-office's")
    try:
        prices = decode_prices(offer.payload)
    except BadMessage as error:
        raise PricesRefused(f"unreadable: {error}") from error
    if prices.version != offer.version:
        raise PricesRefused(f"announced as {offer.version}, signed as {prices.version}")
    if prices.version < version:
        raise PricesRefused(f"version {prices.version} is older than {version}")
    return prices
