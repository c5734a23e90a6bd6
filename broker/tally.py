"""Sums over sales, the same on both sides: the scale's X and Z, the office's check of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from broker.messages import TenderSum
from broker.sale import Rounding, Sale, saving_in


@dataclass(frozen=True, slots=True)
class Tally:
    """Totals of a period; sums in fen, tenders sorted by kind."""

    sales: int
    lines: int
    total: int
    saving: int
    tenders: tuple[TenderSum, ...]
    first_receipt: int
    last_receipt: int
    rounding: tuple[Rounding, ...] = ()
    """Sum of each kind of correction, sorted by kind; kinds that did not happen are left out."""


def tally(sales: Iterable[tuple[int, Sale]]) -> Tally:
    """Totals of (receipt number, sale) pairs; all zero when there are none."""
    count = lines = total = saving = 0
    receipts: list[int] = []
    by_kind: dict[int, tuple[int, int]] = {}
    corrections: dict[int, int] = {}
    for receipt, sale in sales:
        count += 1
        lines += len(sale.lines)
        total += sale.total
        saving += saving_in(sale)
        receipts.append(receipt)
        for tender in sale.tenders:
            n, amount = by_kind.get(tender.kind, (0, 0))
            by_kind[tender.kind] = (n + 1, amount + tender.amount)
        for row in sale.rounding:
            corrections[row.kind] = corrections.get(row.kind, 0) + row.amount
    sums = tuple(TenderSum(kind, n, amount) for kind, (n, amount) in sorted(by_kind.items()))
    first, last = min(receipts, default=0), max(receipts, default=0)
    rounding = tuple(Rounding(kind, amount) for kind, amount in sorted(corrections.items()))
    return Tally(count, lines, total, saving, sums, first, last, rounding)
