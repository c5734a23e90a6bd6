"""Which store took how much?"""

from backoffice.reports.report import Column, Report, Unit
from backoffice.words import N_

BY_STORE = Report(
    "by-store",
    N_("Takings by store"),
    "report_by_store",
    (
        Column("store", N_("Store"), Unit.TEXT),
        Column("name", N_("Name"), Unit.TEXT),
        Column("sales", N_("Sales"), Unit.COUNT),
        Column("amount", N_("Amount"), Unit.MONEY),
        Column("saving", N_("Saved"), Unit.MONEY),
    ),
)
