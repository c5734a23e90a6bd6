"""The market as its owner writes it down (`market.toml`): stores, terminals, people, products.

Strict: an unknown key or a wrong kind is an error that names its table, so that a typing mistake
never becomes a price. Prices are decimal text and become whole minor units exactly.
"""

import json
import tomllib
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from backoffice.errors import UsageFault
from backoffice.offline_rules import OfflineTable, limits_of
from backoffice.price_rules import (
    PolicyKeys,
    RuleTable,
    barcode_of,
    policy_of,
    price_of,
    rule_of,
)
from broker.codec import encode_prices
from broker.list_changes import fits_a_frame
from broker.pricelist import Cashier, PriceList, Product
from broker.stand_in import Limits
from broker.topics import is_terminal
from broker.units import PriceBase

_BASES = {base.symbol: base for base in PriceBase}

Name40 = Annotated[str, Meta(min_length=1, max_length=40)]
Code16 = Annotated[str, Meta(pattern="^[A-Za-z0-9-]{1,16}$")]
StallCode = Annotated[str, Meta(pattern="^[A-Za-z0-9/-]{1,24}$")]


class Organisation(PolicyKeys, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Table [organisation]."""

    name: Name40
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    issuer: Annotated[int, Meta(ge=1000, le=9999)]
    name_zh: Annotated[str, Meta(max_length=40)] = ""
    exponent: Annotated[int, Meta(ge=0, le=3)] = 2
    country: Annotated[str, Meta(pattern="^([A-Z]{2})?$")] = ""
    """ISO 3166: whose rules for prepaid cards hold; empty = none."""
    zone: str = "UTC"
    cutoff_hour: Annotated[int, Meta(ge=0, le=23)] = 4
    levels: Annotated[list[Name40], Meta(min_length=1, max_length=10)] = msgspec.field(
        default_factory=lambda: ["shelf"]
    )


class CodedTable(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Table [[agent]] or [[market]]."""

    id: Code16
    name: Name40


class StoreTable(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Table [[store]]; without zone and cut-off hour it has the organisation's."""

    id: Code16
    name: Name40
    offline: OfflineTable | None = None
    agent: str = ""
    market: str = ""
    zone: str = ""
    cutoff_hour: Annotated[int, Meta(ge=-1, le=23)] = -1
    upload: Literal["", "at-once", "asked"] = ""
    """Do its scales send what they sold at once, or when the office asks? Empty: as it is."""


class StallTable(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Table [[stall]]: gives a stall a code of its own; others are made by [[terminal]]."""

    id: StallCode
    store: str
    name: Name40


class TerminalTable(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Table [[terminal]]."""

    id: str
    store: str
    stall: Annotated[str, Meta(max_length=40)] = ""


class CashierTable(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Table [[cashier]]."""

    number: Annotated[int, Meta(ge=1, le=999_999)]
    name: Name40
    store: str = ""
    """Where he may sell; empty = everywhere."""


class ProductTable(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Table [[product]]."""

    plu: Annotated[int, Meta(ge=1, le=999_999)]
    name_zh: Annotated[str, Meta(max_length=40)]
    name_en: Annotated[str, Meta(max_length=40)]
    base: str
    prices: Annotated[list[str], Meta(min_length=1, max_length=10)]
    tare_g: Annotated[int, Meta(ge=0, le=100_000)] = 0
    key: Annotated[str, Meta(pattern="^[0-9a-z]?$")] = ""
    category: Annotated[str, Meta(max_length=40)] = ""
    barcode: str = ""
    rule: Annotated[list[RuleTable], Meta(max_length=20)] = []


class Market(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The whole file."""

    organisation: Organisation
    store: list[StoreTable]
    agent: list[CodedTable] = []
    market: list[CodedTable] = []
    stall: list[StallTable] = []
    terminal: list[TerminalTable] = []
    cashier: list[CashierTable] = []
    product: Annotated[list[ProductTable], Meta(max_length=2000)] = []


@dataclass(frozen=True, slots=True)
class Checked:
    """A market without contradictions, and its price list without version, store and stall."""

    market: Market
    prices: PriceList
    limits: dict[str, Limits]
    """What may be sold without an answer, by store."""

    @property
    def levels_json(self) -> str:
        """Names of the price levels as the books keep them."""
        return json.dumps(self.market.organisation.levels, ensure_ascii=False)


def parse_market(text: str) -> Checked:
    """The market in a TOML text.

    Raises:
        UsageFault: naming the table and what is wrong with it.
    """
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageFault("The market file is not TOML: {error}.", error=error) from error
    try:
        market = msgspec.convert(said, Market)
    except msgspec.ValidationError as error:
        raise UsageFault("The market file: {error}.", error=error) from error
    return checked_market(market)


def checked_market(market: Market) -> Checked:
    """The market, if it holds together."""
    _unique("store", [store.id for store in market.store])
    _unique("agent", [agent.id for agent in market.agent])
    _unique("market", [one.id for one in market.market])
    _unique("stall", [stall.id for stall in market.stall])
    _unique("stall name", [f"{stall.store} {stall.name}" for stall in market.stall])
    _unique("terminal", [terminal.id for terminal in market.terminal])
    _unique("cashier", [str(cashier.number) for cashier in market.cashier])
    _unique("product", [str(product.plu) for product in market.product])
    _unique("product key", [product.key for product in market.product if product.key])
    _unique("product barcode", [one.barcode.zfill(14) for one in market.product if one.barcode])
    check_zone(market.organisation.zone, "[organisation]")
    _check_places(market)
    levels = len(market.organisation.levels)
    products = [
        _product(product, market.organisation.exponent, levels) for product in market.product
    ]
    cashiers = [Cashier(cashier.number, cashier.name) for cashier in market.cashier]
    prices = PriceList(
        version=0, store="", stall="", products=products, cashiers=cashiers,
        levels=market.organisation.levels,
        policy=policy_of(market.organisation, market.organisation.exponent),
    )  # fmt: skip
    if not fits_a_frame(encode_prices(prices)):
        raise UsageFault("The price list is longer than one message; use fewer products.")
    exponent = market.organisation.exponent
    limits = {one.id: limits_of(one.offline, one.id, exponent) for one in market.store}
    return Checked(market, prices, limits)


def _unique(table: str, ids: list[str]) -> None:
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise UsageFault("[[{table}]] {twice} stands there twice.", table=table, twice=twice[0])


def check_zone(zone: str, where: str) -> None:
    """Nothing, when there is such a time zone.

    Raises:
        UsageFault: naming `where` it stands.
    """
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise UsageFault(
            "{where} zone {zone} is not a time zone.", where=where, zone=repr(zone)
        ) from error


def _check_places(market: Market) -> None:
    """Whatever names a store, an agent or a market names one that the file has."""
    stores = {store.id for store in market.store}
    agents, markets = {one.id for one in market.agent}, {one.id for one in market.market}
    for store in market.store:
        if store.zone:
            check_zone(store.zone, f"[[store]] {store.id}")
        _known(("store", store.id), "agent", store.agent, agents | {""})
        _known(("store", store.id), "market", store.market, markets | {""})
    for stall in market.stall:
        _known(("stall", stall.id), "store", stall.store, stores)
    for cashier in market.cashier:
        _known(("cashier", cashier.number), "store", cashier.store, stores | {""})
    for terminal in market.terminal:
        if not is_terminal(terminal.id):
            raise UsageFault(
                "[[terminal]] {id}: an id is 1 to 8 of A-Z, 0-9 and -, a letter first.",
                id=terminal.id,
            )
        _known(("terminal", terminal.id), "store", terminal.store, stores)


def _known(of: tuple[str, str | int], kind: str, code: str, known: AbstractSet[str]) -> None:
    table, who = of
    if code not in known:
        raise UsageFault(
            "[[{table}]] {id}: there is no {kind} {code}.",
            table=table, id=who, kind=kind, code=code,
        )  # fmt: skip


def _product(product: ProductTable, exponent: int, levels: int) -> Product:
    where = f"[[product]] {product.plu}"
    base = _BASES.get(product.base)
    if base is None:
        known = " ".join(_BASES)
        raise UsageFault(
            "{where}: base {base} is none of {known}.",
            where=where,
            base=repr(product.base),
            known=known,
        )
    if len(product.prices) > levels:
        raise UsageFault("{where}: more prices than levels.", where=where)
    prices = [price_of(price, exponent, where) for price in product.prices]
    return Product(
        plu=product.plu, name_zh=product.name_zh, name_en=product.name_en, base=int(base),
        prices=prices, tare=product.tare_g, key=product.key, category=product.category,
        rules=[
            rule_of(rule, where=where, base=base, prices=prices, exponent=exponent)
            for rule in product.rule
        ],
        barcode=barcode_of(product.barcode, where),
    )  # fmt: skip
