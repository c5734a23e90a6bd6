"""Cash rounding: what a total in cash becomes where the smallest coins are gone, as data.

Only the total is rounded, never a line, and only for the tenders a rule names: a card pays the
exact sum. The correction is a row of the sale (`RoundingKind.CASH`), so that the books show it. A
refund is the exact mirror of its sale: `up` and `down` mean away from zero and towards it.

Sources: a cash register's manual and published cash-rounding tables (Australia to South Africa,
with the digits each maps to); rows whose dates are from memory say so in `is_verified`.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from broker.sale import Fen, RoundingKind, Small, TenderKind
from broker.sale import Rounding as RoundingRow


class Mode(IntEnum):
    """Where a total between two payable sums goes; the number is what travels on the wire."""

    HALF_UP = 1
    HALF_DOWN = 2
    UP = 3
    DOWN = 4


class CashRule(msgspec.Struct, array_like=True, frozen=True):
    """One rule as a price list carries it; days are business days YYYYMMDD, inclusive."""

    interval: Annotated[int, Meta(ge=1, le=10**6)]
    """Smallest sum that can be paid, minor units."""
    mode: Small
    """A `Mode`; an unknown one rounds nothing."""
    first_day: Small = 0
    last_day: Small = 0
    """0 = no end."""
    tenders: tuple[Small, ...] = (int(TenderKind.CASH),)


@dataclass(frozen=True, slots=True)
class Custom:
    """What one country does: `interval` in its currency, as written there."""

    country: str
    interval: str
    mode: Mode
    first_day: int = 0
    last_day: int = 0
    source: str = "cash-rounding tables"
    is_verified: bool = True


_ALL = "cash-rounding tables; they round all payments, here cash only"

CUSTOMS: tuple[Custom, ...] = (
    Custom("AU", "0.05", Mode.HALF_UP),
    Custom("BE", "0.05", Mode.HALF_UP),
    Custom("CA", "0.05", Mode.HALF_UP),
    Custom("CH", "0.05", Mode.HALF_UP),
    Custom("DK", "0.50", Mode.HALF_UP),
    Custom("FI", "0.05", Mode.HALF_UP),
    Custom("IE", "0.05", Mode.HALF_UP),
    Custom("JP-5", "5", Mode.DOWN),
    Custom("JP-10", "10", Mode.DOWN),
    Custom("MY", "0.05", Mode.HALF_UP, source=_ALL),
    Custom("NL", "0.05", Mode.HALF_UP),
    Custom("NO", "1.00", Mode.HALF_UP, source=_ALL),
    Custom("NZ", "0.10", Mode.HALF_UP, source="cash-rounding tables, variant A: 5 goes up"),
    Custom("NZ-B", "0.10", Mode.HALF_DOWN, source="cash-rounding tables, variant B: 5 goes down"),
    Custom("SE", "0.50", Mode.HALF_UP, 0, 20100930, "from memory", is_verified=False),
    Custom("SE", "1.00", Mode.HALF_UP, 20101001, source="tables; first day from memory"),
    Custom("ZA", "0.05", Mode.DOWN, source=_ALL),
)
"""Nearest 0.05: 0-2 to 0, 3-7 to 5, 8-9 to 10; Denmark: 25-74 to 50; South Africa: 0-4 to 0."""

COUNTRIES = tuple(sorted({custom.country for custom in CUSTOMS}))


def rules_of(country: str, exponent: int) -> list[CashRule]:
    """The rules of a country for a currency of `exponent` decimals; empty when none is known.

    An interval finer than the currency's minor unit makes no rule.
    """
    made = []
    for custom in CUSTOMS:
        interval = Decimal(custom.interval).scaleb(exponent)
        if custom.country == country and interval >= 1 and interval == int(interval):
            made.append(CashRule(int(interval), custom.mode, custom.first_day, custom.last_day))
    return made


def rounded(total: int, rule: CashRule) -> int:
    """The sum to pay for `total` minor units; the mirror for a negative one."""
    down, rest = divmod(abs(total), rule.interval)
    up_when: dict[int, bool] = {
        Mode.HALF_UP: 2 * rest >= rule.interval,
        Mode.HALF_DOWN: 2 * rest > rule.interval,
        Mode.UP: rest > 0,
        Mode.DOWN: False,
    }
    goes_up = up_when.get(rule.mode)
    if goes_up is None:
        return total
    paid = (down + goes_up) * rule.interval
    return paid if total >= 0 else -paid


def in_force(first_day: int, last_day: int, day: int) -> bool:
    """True when a dated rule holds on that business day; 0 as the last day means no end."""
    return first_day <= day and (last_day == 0 or day <= last_day)


def correction(total: int, tender: int, day: int, rules: list[CashRule]) -> Fen:
    """What to add to `total` when it is paid by `tender` on `day`: 0 without a rule."""
    for rule in rules:
        if tender in rule.tenders and in_force(rule.first_day, rule.last_day, day):
            return rounded(total, rule) - total
    return 0


def goodwill(total: int, step: int) -> Fen:
    """What the cashier lets go: the part of `total` below `step`, as a sum to add (never above 0).

    Never the whole sum; 0 where rounding off is not allowed (`step` 0).
    """
    if step <= 0 or total < step:
        return 0
    return -(total % step)


def rounding_rows(good: int, cash: int) -> list[RoundingRow]:
    """The rows of a sale for these two corrections; none for 0."""
    rows = ((RoundingKind.GOODWILL, good), (RoundingKind.CASH, cash))
    return [RoundingRow(kind, amount) for kind, amount in rows if amount]
