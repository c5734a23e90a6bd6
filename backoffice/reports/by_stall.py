"""What each stall has taken, by way of paying: what is settled with it."""

from backoffice.reports import columns as c
from backoffice.reports.by_tender import tender_named
from backoffice.reports.report import PLACE, Chart, Column, Drill, Filter, Report, Unit
from backoffice.words import N_

BY_STALL = Report(
    "by-stall",
    N_("Settlement by stall"),
    "report_by_stall",
    (
        Column("store", N_("Store"), Unit.TEXT, is_rare=True),
        Column("terminal", N_("Till"), Unit.TEXT),
        Column("stall", N_("Stall"), Unit.TEXT, N_("Where the till stood when it sold.")),
        Column("tender", N_("Tender"), Unit.TEXT),
        Column("amount", N_("Amount"), Unit.MONEY,
               N_("Taken less given back: what is settled with the stall.")),
        Column("payments", N_("Payments"), Unit.COUNT,
               N_("Parts of receipts paid so, those given back among them.")),
        c.REFUNDED,
    ),
    tender_named,
    answers=N_("What is to be settled with each stall?"),
    keys=("store", "terminal", "stall", "kind"),
    compared="amount",
    heads=("terminal", "stall"),
    filters=(*PLACE, Filter.CASHIER, Filter.LEVEL, Filter.TENDER),
    drill=Drill("sales", {"terminal": "terminal", "tender": "kind"}),
    chart=Chart("stall", "amount"),
)  # fmt: skip
