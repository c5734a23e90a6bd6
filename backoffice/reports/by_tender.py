"""How was it paid?"""

from backoffice.reports.report import Column, Names, Report, Row, Unit
from broker.sale import TenderKind

_WORDS = {
    TenderKind.CASH: "cash",
    TenderKind.STORED_VALUE: "stored value",
    TenderKind.CITY_CARD: "city card",
    TenderKind.QR: "QR code",
}


def _named(row: Row, names: Names) -> Row:
    known = row["kind"] in list(TenderKind)
    word = names._(_WORDS[TenderKind(row["kind"])]) if known else f"{row['kind']}"
    return {**row, "tender": word}


BY_TENDER = Report(
    "by-tender",
    "Takings by tender",
    "report_by_tender",
    (
        Column("kind", "No.", Unit.NUMBER),
        Column("tender", "Tender", Unit.TEXT),
        Column("payments", "Payments", Unit.COUNT),
        Column("amount", "Amount", Unit.MONEY),
    ),
    _named,
)
