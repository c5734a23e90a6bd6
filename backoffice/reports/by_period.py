"""How much on which business day?"""

from backoffice.reports.report import Column, Report, Unit

BY_PERIOD = Report(
    "by-period",
    "Takings by day",
    "report_by_period",
    (
        Column("day", "Day", Unit.DAY),
        Column("sales", "Sales", Unit.COUNT),
        Column("amount", "Amount", Unit.MONEY),
        Column("saving", "Saved", Unit.MONEY),
    ),
)
