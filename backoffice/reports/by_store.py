"""Which store took how much?"""

from backoffice.reports import columns as c
from backoffice.reports.report import PLACE, Chart, Column, Drill, Filter, Report, Unit
from backoffice.words import N_

BY_STORE = Report(
    "by-store",
    N_("Takings by store"),
    "report_by_store",
    (
        Column("store", N_("Store"), Unit.TEXT, N_("Code of the store.")),
        Column("name", N_("Name"), Unit.TEXT),
        c.AMOUNT, c.SHARE, c.SALES, c.BASKET, c.REFUNDED, c.GROSS, c.DISCOUNT, c.SAVING,
        Column("terminals", N_("Tills"), Unit.COUNT, N_("Tills that sold something."),
               is_rare=True),
        Column("last_received", N_("Last record"), Unit.MOMENT,
               N_("When the newest sale of these days arrived here.")),
    ),
    answers=N_("Which store took how much, and does it still report?"),
    keys=("store",),
    compared="amount",
    derived=c.with_basket,
    share="amount",
    heads=("store", "name"),
    filters=(*PLACE, Filter.CASHIER, Filter.LEVEL),
    drill=Drill("by-stall", {"store": "store"}),
    chart=Chart("store", "amount"),
)  # fmt: skip
