"""A refund is the exact mirror of what it gives back, and never more than that. Pure.

It is a sale of its own kind with a uid of its own; `ref` names the sale it belongs to. Quantities,
amounts and tenders are negative, unit prices as they were.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from msgspec.structs import replace

from broker.sale import Line, Rounding, Sale, SaleKind, Tender, TenderKind


@dataclass(frozen=True, slots=True)
class When:
    """Business day, shift and cashier of the refund itself."""

    day: int
    shift: int
    cashier: int


def mirror(sale: Sale, uid: bytes, when: When) -> Sale:
    """The whole sale given back, to the tenders that paid it."""
    return replace(
        sale,
        kind=int(SaleKind.REFUND), day=when.day, shift=when.shift, cashier=when.cashier, ref=uid,
        total=-sale.total,
        lines=[_line(line) for line in sale.lines],
        rounding=[Rounding(row.kind, -row.amount) for row in sale.rounding],
        tenders=[Tender(t.kind, -t.amount, t.card) for t in sale.tenders],
    )  # fmt: skip


def _line(line: Line) -> Line:
    return replace(
        line, quantity=-line.quantity, discount=-line.discount, amount=-line.amount, evidence=b""
    )


def is_covered(captured: Sale, refunds: Iterable[Sale]) -> bool:
    """True when all refunds together give back no more than was captured.

    Held against each other: quantity and amount of equal lines, the total, and what each card
    paid; cash may take the place of another tender.
    """
    left = _measures(captured)
    for refund in refunds:
        if any(line.quantity > 0 or line.amount > 0 for line in refund.lines):
            return False
        left.update(_measures(refund))
    return all(value >= 0 for value in left.values())


def _measures(sale: Sale) -> Counter[tuple[object, ...]]:
    found: Counter[tuple[object, ...]] = Counter()
    for line in sale.lines:
        goods = (line.plu, line.unit, line.base, line.unit_price)
        found["quantity", *goods] += line.quantity
        found["amount", *goods] += line.amount
    found["total",] += sale.total
    for tender in sale.tenders:
        if tender.kind != TenderKind.CASH:
            found["tender", tender.kind, tender.card] += tender.amount
    return found
