"""What each stall has taken, by way of paying: what is settled with it."""

from backoffice.reports.by_tender import tender_named
from backoffice.reports.report import Column, Report, Unit
from backoffice.words import N_

BY_STALL = Report(
    "by-stall",
    N_("Settlement by stall"),
    "report_by_stall",
    (
        Column("store", N_("Store"), Unit.TEXT),
        Column("terminal", N_("Till"), Unit.TEXT),
        Column("stall", N_("Stall"), Unit.TEXT),
        Column("tender", N_("Tender"), Unit.TEXT),
        Column("payments", N_("Payments"), Unit.COUNT),
        Column("amount", N_("Amount"), Unit.MONEY),
    ),
    tender_named,
)
