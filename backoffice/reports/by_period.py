"""How much on which business day?"""

from backoffice.reports.report import Column, Report, Unit
from backoffice.words import N_

BY_PERIOD = Report(
    "by-period",
    N_("Takings by day"),
    "report_by_period",
    (
        Column("day", N_("Day"), Unit.DAY),
        Column("sales", N_("Sales"), Unit.COUNT),
        Column("amount", N_("Amount"), Unit.MONEY),
        Column("saving", N_("Saved"), Unit.MONEY),
    ),
)
