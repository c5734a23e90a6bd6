"""Who sold how much, and who gave back, gave away or sold without an answer more than others?"""

from backoffice.reports import columns as c
from backoffice.reports.report import PLACE, Chart, Column, Drill, Filter, Names, Report, Row, Unit
from backoffice.words import N_


def cashier_named(row: Row, names: Names) -> Row:
    """The row with the name of its cashier; empty for one who is on no list any more."""
    return {**row, "name": names.cashiers.get(row["cashier"], "")}


BY_CASHIER = Report(
    "by-cashier",
    N_("Takings by cashier"),
    "report_by_cashier",
    (
        Column("cashier", N_("Cashier"), Unit.NUMBER),
        Column("name", N_("Name"), Unit.TEXT),
        c.AMOUNT, c.SHARE, c.SALES, c.BASKET, c.REFUNDED, c.REFUNDS, c.DISCOUNT, c.SAVING,
        Column("goodwill", N_("Goodwill"), Unit.MONEY,
               N_("Rounded off by hand; negative in the customer's favour."), is_rare=True),
        Column("offline", N_("Offline"), Unit.COUNT,
               N_("Receipts of card payments that the till allowed without an answer."),
               is_rare=True),
        Column("faulty", N_("Faulty"), Unit.COUNT,
               N_("Receipts whose lines, total and tenders do not add up; see alerts."),
               is_rare=True),
    ),
    cashier_named,
    answers=N_("Who sold how much, and who gave back more than others?"),
    keys=("cashier",),
    compared="amount",
    derived=c.with_basket,
    share="amount",
    heads=("cashier", "name"),
    largest_first="amount",
    filters=(*PLACE, Filter.CASHIER, Filter.LEVEL),
    drill=Drill("sales", {"cashier": "cashier"}),
    chart=Chart("cashier", "amount"),
)  # fmt: skip
