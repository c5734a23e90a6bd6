"""The money of others on our cards: opening + what came - what went = closing, the liability."""

from backoffice.reports.report import Chart, Column, Filter, Names, Report, Row, Unit
from backoffice.words import N_


def _named(row: Row, names: Names) -> Row:
    return {**row, "where": row["store"] or names._(N_("office"))}


STORED_VALUE = Report(
    "stored-value",
    N_("Stored value"),
    "report_stored_value",
    (
        Column("where", N_("Where"), Unit.TEXT,
               N_("Where it moved: a store, or the office for what is paid in and out there.")),
        Column("opening", N_("Opening"), Unit.MONEY,
               N_("All that moved there before these days; the total is the liability then.")),
        Column("loaded", N_("Paid in"), Unit.MONEY, N_("Paid onto cards, when sold and later.")),
        Column("bonus", N_("Bonus"), Unit.MONEY, N_("Given on top of what was paid in.")),
        Column("spent", N_("Spent"), Unit.MONEY, N_("Paid with cards, less what was taken back.")),
        Column("refunded", N_("Given back"), Unit.MONEY, N_("Refunds of goods back onto cards.")),
        Column("paid_out", N_("Paid out"), Unit.MONEY, N_("Paid out when cards were given back."),
               is_rare=True),
        Column("ended", N_("Ended"), Unit.MONEY, N_("Bonus that ended unused."),
               is_rare=True),
        Column("moved", N_("Other"), Unit.MONEY, N_("Everything else, such as replaced cards."),
               is_rare=True),
        Column("closing", N_("Closing"), Unit.MONEY,
               N_("Opening + paid in + bonus - spent + given back - paid out - ended + other; the "
                  "total is what all cards hold.")),
    ),
    _named,
    answers=N_("How much money of customers is on our cards, and what moved it?"),
    filters=(Filter.STORE,),
    keys=("place",),
    compared="closing",
    chart=Chart("where", "spent"),
)  # fmt: skip
