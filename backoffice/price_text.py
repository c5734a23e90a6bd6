"""Price rules as people write them in one cell, and back. Pure.

    from 3000g 3.60/3.50        from that weight on, a price for each level (from 10pc for pieces)
    3 for 10.00                 so many pieces together
    20% off                     marked down by
    to 2.99/2.80                marked down to, a price for each level

Each may end in days: `2026-11-24..2026-11-25`, `2026-12-01..`, `..2026-12-31`. Rules are joined by
`; `. No text begins with a character that a spreadsheet takes for a formula.
"""

import re
from datetime import date

from backoffice.price_rules import RuleTable
from broker.pricelist import Rule, RuleKind
from broker.units import PriceBase, decimal_text

_DAYS = re.compile(r"\s+(\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)?\Z")
_PRICES = r"(\d[\d.]*(?:/\d[\d.]*)*)"
_FROM = re.compile(rf"from\s+(\d{{1,7}})\s*(g|pc)\s+{_PRICES}\Z")
_TO = re.compile(rf"to\s+{_PRICES}\Z")
_FOR = re.compile(r"(\d{1,6})\s+for\s+(\d[\d.]*)\Z")
_OFF = re.compile(r"(\d{1,2})\s*%\s*off\Z")


class NotARule(Exception):
    """That piece of text says no rule."""


def rule_tables(text: str) -> list[RuleTable]:
    """The rules in a cell, unchecked but for their form; [] for an empty one.

    Raises:
        NotARule: with the piece that cannot be read.
    """
    return [_table(piece.strip()) for piece in text.split(";") if piece.strip()]


def _table(piece: str) -> RuleTable:
    found = _DAYS.search(piece)
    first, last = (_day(found[1], piece), _day(found[2], piece)) if found else (None, None)
    body = piece[: found.start()] if found else piece
    if match := _FROM.match(body):
        grams = match[2] == "g"
        return RuleTable(
            prices=match[3].split("/"), from_g=int(match[1]) if grams else 0,
            from_pieces=0 if grams else int(match[1]), first_day=first, last_day=last,
        )  # fmt: skip
    if match := _TO.match(body):
        return RuleTable(prices=match[1].split("/"), first_day=first, last_day=last)
    if match := _FOR.match(body):
        return RuleTable(pieces=int(match[1]), amount=match[2], first_day=first, last_day=last)
    if match := _OFF.match(body):
        return RuleTable(percent=int(match[1]), first_day=first, last_day=last)
    raise NotARule(piece)


def _day(text: str | None, piece: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise NotARule(piece) from error


def rules_text(rules: list[Rule], base: PriceBase, exponent: int) -> str:
    """The rules of a product as one cell."""
    return "; ".join(_text(rule, base, exponent) for rule in rules)


def _text(rule: Rule, base: PriceBase, exponent: int) -> str:
    sums = "/".join(decimal_text(value, exponent) for value in rule.values)
    unit = "pc" if base is PriceBase.PIECE else "g"
    words = {
        RuleKind.TIER: f"from {rule.least}{unit} {sums}",
        RuleKind.PIECES_FOR: f"{rule.least} for {sums}",
        RuleKind.MARKED_DOWN_BY: f"{rule.values[0]}% off",
        RuleKind.MARKED_DOWN_TO: f"to {sums}",
    }[RuleKind(rule.kind)]
    if not rule.first_day and not rule.last_day:
        return words
    return f"{words} {_iso(rule.first_day)}..{_iso(rule.last_day)}"


def _iso(day: int) -> str:
    return f"{day // 10_000:04}-{day // 100 % 100:02}-{day % 100:02}" if day else ""
