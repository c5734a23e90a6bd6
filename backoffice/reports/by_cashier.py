"""Who sold how much?"""

from backoffice.reports.report import Column, Names, Report, Row, Unit
from backoffice.words import N_


def _named(row: Row, names: Names) -> Row:
    cashier = names.cashiers.get(row["cashier"])
    return {**row, "name": cashier.name if cashier else ""}


BY_CASHIER = Report(
    "by-cashier",
    N_("Takings by cashier"),
    "report_by_cashier",
    (
        Column("cashier", N_("Cashier"), Unit.NUMBER),
        Column("name", N_("Name"), Unit.TEXT),
        Column("sales", N_("Sales"), Unit.COUNT),
        Column("amount", N_("Amount"), Unit.MONEY),
        Column("saving", N_("Saved"), Unit.MONEY),
        Column("goodwill", N_("Goodwill"), Unit.MONEY),
    ),
    _named,
)
