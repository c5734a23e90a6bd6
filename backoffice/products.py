"""A product as a row of text: what a sheet, a form or a command says of it, checked. Pure.

A row is a mapping of the names in `FIELDS` to text; prices are `price` (shelf), `price_1`, ...
(member levels). What a row does not name stays as it is; an empty text clears it. `origin` and
`batch` belong to the day, not to the product (`backoffice.store.products.Batch`).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from backoffice.errors import UsageFault
from backoffice.price_rules import barcode_of, price_of, rule_of
from backoffice.price_text import NotARule, rule_tables, rules_text
from broker.pricelist import Product, Rule
from broker.units import PriceBase, decimal_text

TEXTS: Final = ("name_zh", "name_en", "category", "origin", "batch")
FIELDS: Final = (
    "plu", "name_zh", "name_en", "base", "tare_g", "key", "category", "barcode", "rules",
    "origin", "batch",
)  # fmt: skip
"""Beside the prices."""

HIGHEST_PLU: Final = 999_999
LONGEST_TEXT: Final = 40
HEAVIEST_TARE: Final = 100_000
HIGHEST_PRICE: Final = 10**7
"""Minor units: 100,000.00 of a two-decimal currency; above it a digit slipped."""
MOST_RULES: Final = 20

BASES: Final[dict[str, PriceBase]] = {
    **{base.symbol: base for base in PriceBase},
    "公斤": PriceBase.KG, "千克": PriceBase.KG, "斤": PriceBase.G500, "市斤": PriceBase.G500,
    "两": PriceBase.G50, "100克": PriceBase.G100, "磅": PriceBase.LB,
    "个": PriceBase.PIECE, "件": PriceBase.PIECE, "只": PriceBase.PIECE, "袋": PriceBase.PIECE,
    "盒": PriceBase.PIECE, "瓶": PriceBase.PIECE, "piece": PriceBase.PIECE, "pcs": PriceBase.PIECE,
}  # fmt: skip
"""Words for what a price is the price of."""

_SUM = re.compile(r"\d{1,12}(?:\.\d{1,6})?\Z", re.ASCII)
_COUNT = re.compile(r"\d{1,7}\Z", re.ASCII)
_KEY = re.compile(r"[0-9a-z]?\Z")

Row = Mapping[str, str]
Where = Callable[[str], str]
"""Field -> "row 5, column 单价" or "PLU 1, price": where a sentence points."""


@dataclass(frozen=True, slots=True)
class Shop:
    """What the organisation says: decimals of its money and names of its price levels."""

    exponent: int
    levels: tuple[str, ...]

    def price_fields(self) -> list[str]:
        """Names of the price fields, shelf first."""
        return [price_field(level) for level in range(len(self.levels))]


def price_field(level: int) -> str:
    """Name of the field of that level's price."""
    return f"price_{level}" if level else "price"


def plu_of(row: Row, where: Where) -> int:
    """The number of the product in a row.

    Raises:
        UsageFault: there is none.
    """
    text = str(row.get("plu", "")).strip()
    if not _COUNT.match(text) or not 1 <= int(text) <= HIGHEST_PLU:
        raise UsageFault(
            "{where}: {value} is not a PLU; it is a whole number from 1 to {highest}.",
            where=where("plu"), value=repr(text[:40]), highest=HIGHEST_PLU,
        )  # fmt: skip
    return int(text)


def product_from(row: Row, before: Product | None, shop: Shop, where: Where) -> Product:
    """The product that a row says, `before` filling what it does not name.

    Raises:
        UsageFault: with the first thing that is wrong, and where.
    """
    known = row_of(before, shop) if before else {}
    said = {**known, **{name: str(text).strip() for name, text in row.items()}}
    base = BASES.get(said.get("base", ""))
    if base is None:
        raise UsageFault(
            "{where}: base {base} is none of {known}.",
            where=where("base"), base=repr(said.get("base", "")[:40]), known=" ".join(BASES),
        )  # fmt: skip
    names = {name: printable(said, name, where) for name in ("name_zh", "name_en", "category")}
    if not names["name_zh"] and not names["name_en"]:
        raise UsageFault("{where}: a product has a name.", where=where("name_zh"))
    prices = _prices(said, shop, where)
    if not _KEY.match(said.get("key", "")):
        raise UsageFault("{where}: a hot key is one digit or small letter.", where=where("key"))
    return Product(
        plu=plu_of(said, where), name_zh=names["name_zh"], name_en=names["name_en"],
        base=int(base), prices=prices, tare=_tare(said, where), key=said.get("key", ""),
        category=names["category"], rules=_rules(said, base, prices, (shop, where)),
        barcode=barcode_of(said.get("barcode", ""), where("barcode")),
    )  # fmt: skip


def printable(row: Row, field: str, where: Where) -> str:
    """A short text that can be printed.

    Raises:
        UsageFault: too long, or with characters that nobody sees.
    """
    text = str(row.get(field, "")).strip()
    if len(text) > LONGEST_TEXT or not text.isprintable():
        raise UsageFault(
            "{where}: a text has at most {longest} characters, all printable.",
            where=where(field), longest=LONGEST_TEXT,
        )  # fmt: skip
    return text


def _tare(row: Row, where: Where) -> int:
    text = row.get("tare_g", "") or "0"
    if not _COUNT.match(text) or int(text) > HEAVIEST_TARE:
        raise UsageFault(
            "{where}: a tare is a whole number of grams up to {heaviest}.",
            where=where("tare_g"), heaviest=HEAVIEST_TARE,
        )  # fmt: skip
    return int(text)


def _prices(row: Row, shop: Shop, where: Where) -> list[int]:
    said = [row.get(field, "") for field in shop.price_fields()]
    while said and not said[-1]:
        said.pop()
    if not said:
        raise UsageFault("{where}: there is no price.", where=where("price"))
    return [_price(text, shop, where(price_field(level))) for level, text in enumerate(said)]


def _price(text: str, shop: Shop, where: str) -> int:
    if not _SUM.match(text):
        raise UsageFault(
            "{where}: {value} is not a price; write it as 6.80.",
            where=where, value=repr(text[:40]),
        )  # fmt: skip
    minor = price_of(text, shop.exponent, where)
    if minor > HIGHEST_PRICE:
        raise UsageFault(
            "{where}: {value} is above the highest price, {highest}.",
            where=where, value=text, highest=decimal_text(HIGHEST_PRICE, shop.exponent),
        )  # fmt: skip
    return minor


def _rules(row: Row, base: PriceBase, prices: list[int], of: tuple[Shop, Where]) -> list[Rule]:
    shop, where = of
    try:
        tables = rule_tables(row.get("rules", ""))
    except NotARule as bad:
        raise UsageFault(
            "{where}: {piece} is not a price rule; write `from 3000g 3.60`, `3 for 10.00`, "
            "`20% off` or `to 2.99`, perhaps with days as 2026-11-24..2026-11-25.",
            where=where("rules"), piece=repr(str(bad)[:60]),
        ) from bad  # fmt: skip
    if len(tables) > MOST_RULES:
        raise UsageFault(
            "{where}: a product has at most {most} rules.", where=where("rules"), most=MOST_RULES
        )
    return [
        rule_of(one, where=where("rules"), base=base, prices=prices, exponent=shop.exponent)
        for one in tables
    ]


def row_of(product: Product, shop: Shop) -> dict[str, str]:
    """The product as a row of text; `product_from` of it gives the same product."""
    base = PriceBase(product.base)
    prices = {price_field(n): "" for n in range(len(shop.levels))}
    for level, price in enumerate(product.prices):
        prices[price_field(level)] = decimal_text(price, shop.exponent)
    return {
        "plu": str(product.plu), "name_zh": product.name_zh, "name_en": product.name_en,
        "base": base.symbol, **prices, "tare_g": str(product.tare) if product.tare else "",
        "key": product.key, "category": product.category, "barcode": product.barcode,
        "rules": rules_text(product.rules, base, shop.exponent),
    }  # fmt: skip
