"""What one sale adds to the sums kept by day, month and year; pure.

The ingest adds these rows in the transaction that books the sale, so a report of a year reads some
thousand rows, whatever the history. They are a copy of what sales, lines and tenders say, never
the truth: `report check` computes them a second time from those (`store/sql/naive_*.sql`).

A period is one whole number: 2026, 202611 or 20261124. The three never overlap as ranges.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from broker.errors import TooLarge
from broker.messages import ZReport
from broker.sale import (
    Line,
    LineFlag,
    RoundingKind,
    Sale,
    SaleKind,
    TenderKind,
    saving_of,
)
from broker.units import WeightUnit, round_half_away

LATE_MS: Final = 10 * 60_000
"""A sale that took longer than this to arrive was not on line."""

MEMBER, TIER, MARKED_DOWN, PIECES_FOR, OTHER = 1, 2, 3, 4, 0
_RULES: Final = (
    (LineFlag.MARKED_DOWN, MARKED_DOWN),
    (LineFlag.PIECES_FOR, PIECES_FOR),
    (LineFlag.TIER_PRICE, TIER),
    (LineFlag.MEMBER_PRICE, MEMBER),
)

_LB_IN_STEPS: Final = 181_436_948
"""Pound in units of 0.0000025 g, as in `broker.units`."""
_GRAMS: Final[dict[int, tuple[int, int]]] = {
    WeightUnit.GRAM: (1, 1),
    WeightUnit.TENTH_GRAM: (1, 10),
    WeightUnit.MILLIGRAM: (1, 1000),
    WeightUnit.THOUSANDTH_LB: (_LB_IN_STEPS, 400_000 * 1000),
    WeightUnit.HUNDREDTH_LB: (_LB_IN_STEPS, 400_000 * 100),
}

Values = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """What stands around a sale in the books."""

    org: int
    store: int
    stall: int
    terminal: int
    at: int
    """Unix milliseconds of the sale, and of its arrival below."""
    received_at: int
    hour: int
    """Hour of the sale by the store's clock, 0..23."""
    offline: bool
    faulty: bool


def periods_of(day: int, *, with_year: bool = False) -> tuple[int, ...]:
    """The day, its month and, for few, its year."""
    return (day, day // 100, day // 10_000) if with_year else (day, day // 100)


def is_day(day: int) -> bool:
    """False for a number that would be taken for a month or a year; such sales stand in no sum."""
    return 10_000_000 <= day <= 99_999_999


def weekday_of(day: int) -> int:
    """1 = Monday .. 7 = Sunday; 0 for a number that is no day."""
    try:
        return date(day // 10_000, day // 100 % 100, day % 100).isoweekday()
    except ValueError:
        return 0


def grams_of(quantity: int, unit: int) -> int:
    """Whole grams of a weight, rounded once; 0 for pieces and units unknown here."""
    up, down = _GRAMS.get(unit, (0, 1))
    return quantity if up == down else round_half_away(quantity * up, down)


def rule_of(flags: int) -> int:
    """Which rule has made a line cheaper than its shelf price."""
    return next((rule for flag, rule in _RULES if flags & flag), OTHER)


def line_saving(line: Line, interval: int) -> int:
    """Fen saved by the price of a line, 0 where it cannot be known."""
    try:
        return saving_of(line, interval)
    except TooLarge:
        return 0


def savings_of(sale: Sale) -> list[int]:
    """What each line of a sale saved, fen."""
    return [line_saving(line, sale.interval) for line in sale.lines]


def added(sale: Sale, where: Where, savings: list[int]) -> dict[str, list[Values]]:
    """Rows to add by the statement that adds them; `savings` are those of the sale's lines."""
    days, org = periods_of(sale.day), where.org
    saving, weekday, sold = sum(savings), weekday_of(sale.day), int(sale.kind != SaleKind.REFUND)
    sums = _sale(sale, where, saving)
    rows: dict[str, list[Values]] = {
        "roll_sale_add": [(org, period, *sums) for period in days],
        "roll_tender_add": list(_tenders(sale, where)),
        "roll_product_add": list(_products(sale, where)),
        "roll_hour_add": [
            (org, period, where.store, weekday, where.hour, sold, sale.total) for period in days
        ],
        "roll_saving_add": list(_savings(sale, where, savings)),
    }
    if sale.member is not None:
        saved = saving if sold else 0
        rows["roll_member_add"] = [
            (org, period, where.store, sale.member, sale.level, sold, sale.total, saved, sale.day)
            for period in periods_of(sale.day, with_year=True)
        ]
    return rows


def _sale(sale: Sale, where: Where, saving: int) -> Values:
    """A row of roll_sale behind org and period; what was given back stands apart."""
    refund = sale.kind == SaleKind.REFUND
    discount = sum(line.discount for line in sale.lines)
    gross = sum(line.amount for line in sale.lines) + discount + saving
    rounded = sum(one.amount for one in sale.rounding)
    goodwill = sum(one.amount for one in sale.rounding if one.kind == RoundingKind.GOODWILL)
    delay = max(0, where.received_at - where.at)
    return (
        where.store, where.stall, where.terminal, sale.cashier, sale.level,
        int(not refund), int(refund), len(sale.lines),
        0 if refund else gross, 0 if refund else discount, 0 if refund else saving,
        0 if refund else rounded, goodwill, -sale.total if refund else 0, sale.total,
        sum(grams_of(line.quantity, line.unit) for line in sale.lines),
        int(where.offline), int(delay > LATE_MS), int(where.faulty),
        where.at, where.received_at, delay,
    )  # fmt: skip


def _tenders(sale: Sale, where: Where) -> Iterable[Values]:
    refund, mixed = sale.kind == SaleKind.REFUND, len(sale.tenders) > 1
    for tender in sale.tenders:
        for period in periods_of(sale.day):
            yield (
                where.org, period, where.store, where.stall, where.terminal, sale.cashier,
                sale.level, tender.kind, 1, tender.amount, int(refund),
                -tender.amount if refund else 0, int(mixed),
            )  # fmt: skip


def _products(sale: Sale, where: Where) -> Iterable[Values]:
    refund = sale.kind == SaleKind.REFUND
    for line in sale.lines:
        member = line.amount if line.flags & LineFlag.MEMBER_PRICE else 0
        for period in periods_of(sale.day):
            yield (
                where.org, period, where.store, line.plu, line.unit, 1, line.quantity,
                line.amount, line.discount, member, int(refund), -line.amount if refund else 0,
            )  # fmt: skip


def _savings(sale: Sale, where: Where, savings: list[int]) -> Iterable[Values]:
    if sale.kind == SaleKind.REFUND:
        return
    for line, saving in zip(sale.lines, savings, strict=True):
        if not saving and not line.discount:
            continue
        gross = line.amount + line.discount + saving
        for period in periods_of(sale.day):
            yield (
                where.org, period, where.store, sale.level, rule_of(line.flags), 1, gross,
                saving, line.discount,
            )  # fmt: skip


def z_totals(report: ZReport) -> dict[str, int]:
    """The totals of a Z as the books keep them, by the names of their columns."""
    paid = dict.fromkeys(TenderKind, 0)
    for one in report.tenders:
        if one.kind in paid:
            paid[TenderKind(one.kind)] += one.amount
    return {
        "cashier": report.cashier, "opened_at": report.opened_at, "sales": report.sales,
        "lines": report.lines, "total": report.total, "saving": report.saving,
        "rounding": sum(one.amount for one in report.rounding), "reversals": report.reversals,
        "first_receipt": report.first_receipt, "last_receipt": report.last_receipt,
        "cash": paid[TenderKind.CASH], "stored_value": paid[TenderKind.STORED_VALUE],
        "city_card": paid[TenderKind.CITY_CARD], "qr": paid[TenderKind.QR],
    }  # fmt: skip
