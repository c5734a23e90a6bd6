"""Totals of a shift: the X and Z report, through the tally that the back-office uses too."""

from collections.abc import Iterable

from broker.messages import ZReport
from broker.tally import tally
from scale_app.journal.kept import SavedSale, Standing


def shift_report(
    sales: Iterable[SavedSale], standing: Standing, *, day: int, cashier: int, reversals: int
) -> ZReport:
    """What the open shift has taken so far."""
    sums = tally((kept.receipt, kept.sale) for kept in sales)
    return ZReport(
        shift=standing.shift,
        day=day,
        cashier=cashier,
        opened_at=standing.shift_opened_at,
        sales=sums.sales,
        lines=sums.lines,
        total=sums.total,
        saving=sums.saving,
        tenders=list(sums.tenders),
        first_receipt=sums.first_receipt,
        last_receipt=sums.last_receipt,
        reversals=reversals,
        rounding=list(sums.rounding),
    )
