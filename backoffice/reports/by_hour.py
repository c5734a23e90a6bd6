"""When do customers come: hour of the day by day of the week."""

from backoffice.reports import columns as c
from backoffice.reports.report import Chart, Column, Filter, Names, Report, Row, Unit
from backoffice.words import N_

WEEKDAYS = (
    N_("no day"), N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"),
    N_("Saturday"), N_("Sunday"),
)  # fmt: skip


def _named(row: Row, names: Names) -> Row:
    return {**row, "word": names._(WEEKDAYS[row["weekday"]]), "time": f"{row['hour']:02d}:00"}


BY_HOUR = Report(
    "by-hour",
    N_("Takings by hour and weekday"),
    "report_by_hour",
    (
        Column("word", N_("Weekday"), Unit.TEXT, N_("Of the business day.")),
        Column("time", N_("Hour"), Unit.TEXT, N_("By the store's clock when it was sold.")),
        c.AMOUNT,
        c.SHARE,
        c.SALES,
    ),
    _named,
    answers=N_("At which hours of which weekdays do customers come?"),
    keys=("weekday", "hour"),
    compared="amount",
    share="amount",
    heads=("word", "time"),
    filters=(Filter.STORE,),
    chart=Chart("word", "amount", across="time"),
)
