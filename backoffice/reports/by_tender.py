"""How was it paid?"""

from backoffice.reports import columns as c
from backoffice.reports.report import PLACE, Chart, Column, Drill, Filter, Names, Report, Row, Unit
from backoffice.words import N_
from broker.sale import TenderKind

TENDER_WORDS = {
    TenderKind.CASH: N_("cash"),
    TenderKind.STORED_VALUE: N_("stored value"),
    TenderKind.CITY_CARD: N_("city card"),
    TenderKind.QR: N_("QR code"),
}


def tender_word(kind: int, names: Names) -> str:
    """The word for a way of paying."""
    known = kind in list(TenderKind)
    return names._(TENDER_WORDS[TenderKind(kind)]) if known else f"{kind}"


def tender_named(row: Row, names: Names) -> Row:
    """The row with the word for its tender."""
    return {**row, "tender": tender_word(row["kind"], names)}


BY_TENDER = Report(
    "by-tender",
    N_("Takings by tender"),
    "report_by_tender",
    (
        Column("kind", N_("No."), Unit.NUMBER, N_("Number of the tender in the records."),
               is_rare=True),
        Column("tender", N_("Tender"), Unit.TEXT, N_("How it was paid.")),
        Column("amount", N_("Amount"), Unit.MONEY, N_("Taken less given back.")),
        c.SHARE,
        Column("payments", N_("Payments"), Unit.COUNT,
               N_("Parts of receipts paid so, those given back among them.")),
        Column("taken", N_("Taken"), Unit.MONEY, N_("Money taken for sales.")),
        c.REFUNDED,
        c.REFUNDS,
        Column("mixed", N_("Mixed"), Unit.COUNT,
               N_("Payments of receipts that were paid in more than one way."), is_rare=True),
    ),
    tender_named,
    answers=N_("What came in as cash, on cards and by code, and what went back the same way?"),
    keys=("kind",),
    compared="amount",
    share="amount",
    heads=("tender",),
    filters=(*PLACE, Filter.CASHIER, Filter.LEVEL, Filter.TENDER),
    drill=Drill("sales", {"tender": "kind"}),
    chart=Chart("tender", "amount"),
)  # fmt: skip
