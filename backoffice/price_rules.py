"""What `market.toml` says about prices beside the price itself: rules of a product, the policy.

Strict like the rest of the file: a rule that would make goods dearer, or that no scale could apply,
is an error that names its product.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated

import msgspec
from msgspec import Meta

from backoffice.errors import UsageFault
from broker.cash_rounding import COUNTRIES, rules_of
from broker.labels import LAYOUTS, BadLabel, has_check_digit, layout_of
from broker.pricelist import Policy, Rule, RuleKind
from broker.units import MAX_MINOR, PriceBase, round_half_away


class RuleTable(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Table [[product.rule]]; the keys that are there say what kind it is.

    `from_g` or `from_pieces` with `prices`: from that quantity on. `pieces` with `amount`: so many
    together. `percent`: marked down by. `prices` alone: marked down to. Each may have `first_day`
    and `last_day`.
    """

    prices: Annotated[list[str], Meta(max_length=10)] = []
    from_g: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    from_pieces: Annotated[int, Meta(ge=0, le=100_000)] = 0
    pieces: Annotated[int, Meta(ge=0, le=100_000)] = 0
    amount: str = ""
    percent: Annotated[int, Meta(ge=0, le=99)] = 0
    first_day: date | None = None
    last_day: date | None = None

    @property
    def keys(self) -> frozenset[str]:
        """Names of the keys that say the kind."""
        names = ("prices", "from_g", "from_pieces", "pieces", "amount", "percent")
        return frozenset(name for name in names if getattr(self, name))


_KINDS = {
    frozenset({"prices", "from_g"}): RuleKind.TIER,
    frozenset({"prices", "from_pieces"}): RuleKind.TIER,
    frozenset({"pieces", "amount"}): RuleKind.PIECES_FOR,
    frozenset({"percent"}): RuleKind.MARKED_DOWN_BY,
    frozenset({"prices"}): RuleKind.MARKED_DOWN_TO,
}


def minor_of(text: str, exponent: int) -> int | None:
    """Decimal text as whole minor units; None when it is no such sum."""
    try:
        minor = Decimal(text).scaleb(exponent)
    except InvalidOperation:
        return None
    if not minor.is_finite() or minor != int(minor) or not 0 <= minor <= MAX_MINOR:
        return None
    return int(minor)


def price_of(text: str, exponent: int, where: str) -> int:
    """A price of a product.

    Raises:
        UsageFault: when it is none.
    """
    minor = minor_of(text, exponent)
    if minor is None:
        raise UsageFault(
            "{where}: price {text} is not a sum with at most {exponent} decimals.",
            where=where,
            text=repr(text),
            exponent=exponent,
        )
    return minor


def rule_of(
    table: RuleTable, *, where: str, base: PriceBase, prices: Sequence[int], exponent: int
) -> Rule:
    """One rule of a product that costs `prices` per level; `where` it stands, for the sentence.

    Raises:
        UsageFault: naming the product and what is wrong.
    """
    kind = _KINDS.get(table.keys)
    if kind is None:
        raise UsageFault(
            "{where}: a rule is from_g or from_pieces with prices, pieces with amount, "
            "percent, or prices.",
            where=where,
        )
    by_piece = base is PriceBase.PIECE
    if (table.from_g and by_piece) or ((table.from_pieces or table.pieces) and not by_piece):
        raise UsageFault(
            "{where}: weighed goods have rules in grams, counted ones in pieces.",
            where=where,
        )
    least = table.from_g or table.from_pieces or table.pieces
    values = _values(table, kind, exponent, where)
    rule = Rule(kind, values, least, _day(table.first_day), _day(table.last_day))
    if rule.last_day and rule.last_day < rule.first_day:
        raise UsageFault("{where}: a rule ends before it begins.", where=where)
    if not _is_cheaper(rule, prices):
        raise UsageFault("{where}: a rule makes nothing cheaper.", where=where)
    return rule


def _values(table: RuleTable, kind: RuleKind, exponent: int, where: str) -> list[int]:
    if kind is RuleKind.MARKED_DOWN_BY:
        return [table.percent]
    if kind is RuleKind.PIECES_FOR:
        return [price_of(table.amount, exponent, where)]
    return [price_of(text, exponent, where) for text in table.prices]


def _is_cheaper(rule: Rule, prices: Sequence[int]) -> bool:
    if rule.kind == RuleKind.PIECES_FOR:
        return rule.least >= 2 and rule.values[0] < rule.least * prices[0]
    if rule.kind == RuleKind.MARKED_DOWN_BY:
        return round_half_away(prices[0] * (100 - rule.values[0]), 100) < prices[0]
    if len(rule.values) > len(prices):
        return False
    return all(value < price for value, price in zip(rule.values, prices, strict=False))


def _day(day: date | None) -> int:
    return day.year * 10_000 + day.month * 100 + day.day if day else 0


def barcode_of(text: str, where: str) -> str:
    """The GTIN of a product, empty for none.

    Raises:
        UsageFault: not a GTIN.
    """
    if text and not has_check_digit(text):
        raise UsageFault(
            "{where}: barcode {text} is not a GTIN with its check digit.",
            where=where,
            text=repr(text),
        )
    return text


class PolicyKeys(msgspec.Struct, frozen=True):
    """Keys of [organisation] that make the policy; empty = not wished."""

    cash_rounding: str = ""
    """A country of `broker.cash_rounding`."""
    goodwill: str = ""
    """What the cashier may let go: the part of a total below this sum."""
    price_interval: str = ""
    """Amounts of lines are whole multiples of this sum."""
    labels: Annotated[list[str], Meta(max_length=40)] = []
    """Countries of `broker.labels`, or layouts of in-store bar codes."""


def policy_of(keys: PolicyKeys, exponent: int) -> Policy:
    """What holds for every sale.

    Raises:
        UsageFault: naming the key and what is wrong.
    """
    cash = rules_of(keys.cash_rounding, exponent)
    if keys.cash_rounding and not cash:
        raise UsageFault(
            "[organisation] cash_rounding {country}: there is no such rule for this currency; "
            "known are {known}.",
            country=repr(keys.cash_rounding),
            known=" ".join(COUNTRIES),
        )
    return Policy(
        cash=cash,
        goodwill=_sum(keys.goodwill, "goodwill", exponent) if keys.goodwill else 0,
        interval=_sum(keys.price_interval, "price_interval", exponent)
        if keys.price_interval
        else 1,
        labels=_layouts(keys.labels),
    )


def _sum(text: str, key: str, exponent: int) -> int:
    minor = minor_of(text, exponent)
    if not minor or minor > 10**6:
        raise UsageFault(
            "[organisation] {key} {text} is not a small sum above zero.", key=key, text=repr(text)
        )
    return minor


def _layouts(labels: Sequence[str]) -> list[str]:
    texts = [text for label in labels for text in LAYOUTS.get(label, (label,))]
    try:
        for text in texts:
            layout_of(text)
    except BadLabel as bad:
        raise UsageFault("[organisation] labels: {reason}.", reason=bad.reason) from bad
    return texts
