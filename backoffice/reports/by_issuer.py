"""What each issuer of cards owes for what its cards have paid, out of the ledger's transfers."""

from backoffice.reports import columns as c
from backoffice.reports.report import Chart, Column, Filter, Names, Report, Row, Unit
from backoffice.words import N_


def _named(row: Row, names: Names) -> Row:
    return {**row, "key": row["issuer"], "issuer": row["issuer"] or names._(N_("own cards"))}


BY_ISSUER = Report(
    "by-issuer",
    N_("Settlement by issuer"),
    "report_by_issuer",
    (
        Column("issuer", N_("Issuer"), Unit.TEXT, N_("Whose cards they are.")),
        Column("amount", N_("Amount"), Unit.MONEY,
               N_("What the issuer owes: payments less refunds, out of the ledger.")),
        c.SHARE,
        Column("payments", N_("Payments"), Unit.COUNT, N_("Transfers from these cards.")),
        Column("refunds", N_("Refunds"), Unit.COUNT, N_("Transfers back to these cards.")),
    ),
    _named,
    answers=N_("What does each issuer of cards owe?"),
    keys=("issuer",),
    compared="amount",
    share="amount",
    filters=(Filter.STORE,),
    chart=Chart("issuer", "amount"),
)  # fmt: skip
