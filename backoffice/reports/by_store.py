"""Which store took how much?"""

from backoffice.reports.report import Column, Report, Unit

BY_STORE = Report(
    "by-store",
    "Takings by store",
    "report_by_store",
    (
        Column("store", "Store", Unit.TEXT),
        Column("name", "Name", Unit.TEXT),
        Column("sales", "Sales", Unit.COUNT),
        Column("amount", "Amount", Unit.MONEY),
        Column("saving", "Saved", Unit.MONEY),
    ),
)
