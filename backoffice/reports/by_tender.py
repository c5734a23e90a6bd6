"""How was it paid?"""

from backoffice.reports.report import Column, Names, Report, Row, Unit
from backoffice.words import N_
from broker.sale import TenderKind

TENDER_WORDS = {
    TenderKind.CASH: N_("cash"),
    TenderKind.STORED_VALUE: N_("stored value"),
    TenderKind.CITY_CARD: N_("city card"),
    TenderKind.QR: N_("QR code"),
}


def tender_named(row: Row, names: Names) -> Row:
    """The row with the word for its tender."""
    known = row["kind"] in list(TenderKind)
    word = names._(TENDER_WORDS[TenderKind(row["kind"])]) if known else f"{row['kind']}"
    return {**row, "tender": word}


BY_TENDER = Report(
    "by-tender",
    N_("Takings by tender"),
    "report_by_tender",
    (
        Column("kind", N_("No."), Unit.NUMBER),
        Column("tender", N_("Tender"), Unit.TEXT),
        Column("payments", N_("Payments"), Unit.COUNT),
        Column("amount", N_("Amount"), Unit.MONEY),
    ),
    tender_named,
)
