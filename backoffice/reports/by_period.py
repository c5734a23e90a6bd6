"""How much on which business day, or in which month: the summary of sales."""

from backoffice.reports import columns as c
from backoffice.reports.report import PLACE, Chart, Column, Drill, Filter, Report, Unit
from backoffice.words import N_

_SUMS = (
    c.AMOUNT, c.SALES, c.BASKET, c.REFUNDED, c.GROSS, c.DISCOUNT, c.SAVING, c.ROUNDING, c.REFUNDS,
    c.WEIGHT,
)  # fmt: skip
_FILTERS = (*PLACE, Filter.CASHIER, Filter.LEVEL)

BY_PERIOD = Report(
    "by-period",
    N_("Takings by day"),
    "report_by_period",
    (Column("day", N_("Day"), Unit.DAY, N_("Business day, set at the sale.")), *_SUMS),
    answers=N_("What came in on which day, before and after discounts and refunds?"),
    keys=("day",),
    compared="amount",
    derived=c.with_basket,
    filters=_FILTERS,
    drill=Drill("sales", {"from": "day", "to": "day"}),
    chart=Chart("day", "amount"),
)
BY_MONTH = Report(
    "by-month",
    N_("Takings by month"),
    "report_by_month",
    (Column("month", N_("Month"), Unit.MONTH, N_("Calendar month of the business day.")), *_SUMS),
    answers=N_("What came in in which month?"),
    keys=("month",),
    compared="amount",
    derived=c.with_basket,
    filters=_FILTERS,
    drill=Drill("by-period", {"month": "month"}),
    chart=Chart("month", "amount"),
)
