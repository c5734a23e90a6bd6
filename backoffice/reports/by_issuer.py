"""What each issuer of cards owes for what its cards have paid, out of the ledger's transfers."""

from backoffice.reports.report import Column, Names, Report, Row, Unit
from backoffice.words import N_


def _named(row: Row, names: Names) -> Row:
    return {**row, "issuer": row["issuer"] or names._(N_("own cards"))}


BY_ISSUER = Report(
    "by-issuer",
    N_("Settlement by issuer"),
    "report_by_issuer",
    (
        Column("issuer", N_("Issuer"), Unit.TEXT),
        Column("payments", N_("Payments"), Unit.COUNT),
        Column("refunds", N_("Refunds"), Unit.COUNT),
        Column("amount", N_("Amount"), Unit.MONEY),
    ),
    _named,
)
