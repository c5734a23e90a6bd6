"""Who sold how much?"""

from backoffice.reports.report import Column, Names, Report, Row, Unit


def _named(row: Row, names: Names) -> Row:
    cashier = names.cashiers.get(row["cashier"])
    return {**row, "name": cashier.name if cashier else ""}


BY_CASHIER = Report(
    "by-cashier",
    "Takings by cashier",
    "report_by_cashier",
    (
        Column("cashier", "Cashier", Unit.NUMBER),
        Column("name", "Name", Unit.TEXT),
        Column("sales", "Sales", Unit.COUNT),
        Column("amount", "Amount", Unit.MONEY),
        Column("saving", "Saved", Unit.MONEY),
    ),
    _named,
)
