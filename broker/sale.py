"""The sale as both sides know it: lines, rounding, tenders; whole numbers of fen and of steps.

These structs are the wire form itself (positional arrays, see `docs/contract.md`): the order of
fields is the contract, new fields go last, closed sets travel as plain integers so that a value
unknown here is kept and not refused (decision 9). A sale's uid, its number and its time stand in
the journal entry around it (`broker.messages`).
"""

from enum import IntEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from broker.errors import SumMismatch, TooLarge
from broker.units import (
    MAX_MINOR,
    MAX_STEPS,
    Money,
    PriceBase,
    UnitPrice,
    WeightUnit,
    plain_amount,
    quantity_for,
)

MAX_LINES = 100
MAX_TENDERS = 8

Fen = Annotated[int, Meta(ge=-MAX_MINOR, le=MAX_MINOR)]
Steps = Annotated[int, Meta(ge=-MAX_STEPS, le=MAX_STEPS)]
Small = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Card = Annotated[int, Meta(ge=0, le=2**63 - 1)]
"""Ours have 15 digits, city cards up to 19."""
Scheme = Annotated[str, Meta(pattern=r"^[a-z0-9-]{0,16}\Z")]
Token = Annotated[bytes, Meta(max_length=16)]
EvidenceHash = Annotated[bytes, Meta(max_length=16)]


class SaleKind(IntEnum):
    """What the customer did."""

    SALE = 1
    REFUND = 2


class TenderKind(IntEnum):
    """How it is paid."""

    CASH = 1
    STORED_VALUE = 2
    CITY_CARD = 3
    QR = 4


class LineFlag(IntEnum):
    """Bits of a line's `flags`."""

    MEMBER_PRICE = 1
    BELOW_MINIMUM = 2
    TARE_TYPED = 4
    TARE_WEIGHED = 8
    TARE_PRODUCT = 16
    TIER_PRICE = 32
    """The unit price is that of a quantity."""
    MARKED_DOWN = 64
    PIECES_FOR = 128
    """`discount` is that of n pieces for a sum."""
    LABEL_PRICE = 256
    """`amount` stands on the package; the weight is derived from it."""
    LABEL_WEIGHT = 512
    """The weight stands on the package and was not weighed here."""
    TARE_CONTAINER = 1024
    TARE_PERCENT = 2048


class RoundingKind(IntEnum):
    """Why a sale's total differs from the sum of its lines."""

    CASH = 1
    GOODWILL = 2


class Line(msgspec.Struct, array_like=True, frozen=True):
    """One priced item; `amount` = quantity x unit price, rounded once, less `discount`."""

    plu: Small
    quantity: Steps
    """Net weight in steps of `unit`, or pieces; negative in a refund."""
    unit: Small
    """A `WeightUnit`."""
    unit_price: Fen
    """Price applied: fen for one `base`."""
    base: Small
    """A `PriceBase`."""
    shelf_price: Fen
    """Price of level 0 at that moment, fen for one `base`."""
    tare: Steps
    """Container, steps of `unit`; the quantity is already net."""
    discount: Fen
    """Fen taken off this line."""
    amount: Fen
    flags: Small = 0
    evidence: EvidenceHash = b""
    """First 8 bytes of the SHA-256 of the weighing evidence, which stays on the till; empty for
    pieces."""


class Rounding(msgspec.Struct, array_like=True, frozen=True):
    """A correction of the whole sale, fen (negative = in the customer's favour)."""

    kind: Small
    amount: Fen


class Tender(msgspec.Struct, array_like=True, frozen=True):
    """One way of paying a part of a sale."""

    kind: Small
    amount: Fen
    card: Card | None = None
    token_seq: Small = 0
    """Number of the token read off an M1 card."""
    token: Token = b""
    """The token itself, 8 bytes, empty for other tenders."""
    given: Fen = 0
    """Cash handed over; change is `given - amount`; 0 = exact."""
    proof: Annotated[bytes, Meta(max_length=64)] = b""
    """What a purse on a chip has proved of its debit, see docs/contract.md; empty for others."""
    scheme: Scheme = ""
    """Whose city card it is (`mohurd`, `t-union`, ..); empty for other tenders."""


class Sale(msgspec.Struct, array_like=True, frozen=True):
    """A closed basket: total = sum of lines + sum of rounding = sum of tenders."""

    kind: Small
    day: Small
    """Business day YYYYMMDD, set at the sale and never recomputed."""
    shift: Small
    cashier: Small
    list_version: Small
    member: Card | None
    level: Small
    total: Fen
    lines: Annotated[list[Line], Meta(min_length=1, max_length=MAX_LINES)]
    rounding: Annotated[list[Rounding], Meta(max_length=4)]
    tenders: Annotated[list[Tender], Meta(min_length=1, max_length=MAX_TENDERS)]
    ref: Annotated[bytes, Meta(max_length=16)] = b""
    """Uid of the sale that a refund gives back."""
    interval: Annotated[int, Meta(ge=1, le=10**6)] = 1
    """Price interval: before discount, amounts of lines are whole multiples of it."""


def saving_of(line: Line, interval: int = 1) -> int:
    """Fen saved on this line by the price applied against the shelf price; no discount in it.

    0 where it cannot be known: a unit or base of a later version, a figure out of range, a weight
    that was derived from the price on a label.
    """
    if line.flags & LineFlag.LABEL_PRICE:
        return 0
    try:
        at_shelf = recomputed_amount(line, line.shelf_price, interval)
    except TooLarge:
        return 0
    return 0 if at_shelf is None else at_shelf - line.discount - line.amount


def saving_in(sale: Sale) -> int:
    """Fen saved on the lines of a sale."""
    return sum(saving_of(line, sale.interval) for line in sale.lines)


def recomputed_amount(line: Line, price_minor: int, interval: int = 1) -> int | None:
    """The line's amount at `price_minor`, before discount; None for a unit or base unknown here.

    Raises:
        TooLarge: beyond what the agreement carries, a price below zero, pieces priced by mass.
    """
    return plain_amount(line.quantity, line.unit, price_minor, line.base, interval=interval)


def _line_fault(line: Line, interval: int) -> str:
    """`price`, `amount` or `weight`: what of a line does not add up; empty when all does."""
    has_label = line.flags & LineFlag.LABEL_PRICE
    try:
        computed = recomputed_amount(line, line.unit_price, 1 if has_label else interval)
        if computed is None:
            return ""
        if has_label and line.base != PriceBase.PIECE:
            return "" if _derived_weight(line) == line.quantity else "weight"
    except TooLarge:
        return "price"
    return "" if computed - line.discount == line.amount else "amount"


def _derived_weight(line: Line) -> int:
    """The price stands on the label: the weight is what follows from it."""
    price = UnitPrice(line.unit_price, PriceBase(line.base))
    paid = Money(line.amount + line.discount)
    return quantity_for(paid, price, WeightUnit(line.unit)).value


def faults_of(sale: Sale) -> tuple[str, ...]:
    """What does not add up in a sale, as stable words; empty when all is right.

    The back-office stores a faulty sale and reports it; it never re-prices (decision 12).
    """
    faults = []
    for number, line in enumerate(sale.lines, 1):
        fault = _line_fault(line, sale.interval)
        if fault:
            faults.append(f"line-{number}-{fault}")
    is_cash = any(x.kind == TenderKind.CASH for x in sale.tenders)
    if not is_cash and any(x.kind == RoundingKind.CASH for x in sale.rounding):
        faults.append("cash-rounding-without-cash")
    if sale.total != sum(x.amount for x in sale.lines) + sum(x.amount for x in sale.rounding):
        faults.append("total-is-not-lines")
    if sale.total != sum(x.amount for x in sale.tenders):
        faults.append("total-is-not-tenders")
    return tuple(faults)


def checked(sale: Sale) -> Sale:
    """The same sale, if it adds up; for the side that makes sales.

    Raises:
        SumMismatch: naming every fault.
    """
    faults = faults_of(sale)
    if faults:
        raise SumMismatch(", ".join(faults))
    return sale


def total_of(lines: list[Line]) -> Money:
    """Sum of the rounded lines."""
    return Money(sum(line.amount for line in lines))
