"""Who comes back: by price level, and the members who buy most."""

from backoffice.reports import columns as c
from backoffice.reports.report import PLACE, Chart, Column, Drill, Filter, Names, Report, Row, Unit
from backoffice.words import N_


def level_named(row: Row, names: Names) -> Row:
    """The row with the name of its price level."""
    level = row["level"]
    return {**row, "level_name": "" if level is None else names.level(level)}


def _member_named(row: Row, names: Names) -> Row:
    number = f"{row['member']}"
    shown = number if names.sees_cards else f"…{number[-4:]}"
    hidden = {} if names.sees_cards else {"member": 0, "balance": None}
    return {**level_named(row, names), "number": shown, **hidden}


BY_LEVEL = Report(
    "by-level",
    N_("Takings by member level"),
    "report_by_level",
    (
        Column("level_name", N_("Level"), Unit.TEXT, N_("Price level that it was sold at.")),
        c.AMOUNT, c.SHARE, c.SALES, c.BASKET, c.SAVING, c.GROSS, c.DISCOUNT, c.REFUNDED,
        Column("members", N_("Members"), Unit.NUMBER,
               N_("Different cards of members; one may come at more than one level.")),
    ),
    level_named,
    answers=N_("What do members bring in, and what do their prices cost?"),
    keys=("level",),
    compared="amount",
    derived=c.with_basket,
    share="amount",
    filters=PLACE,
    drill=Drill("by-member", {"level": "level"}),
    chart=Chart("level_name", "amount"),
)  # fmt: skip
BY_MEMBER = Report(
    "by-member",
    N_("Best members"),
    "report_by_member",
    (
        Column("number", N_("Card"), Unit.TEXT,
               N_("Number of the member's card; its end only, for who does not serve cards.")),
        c.AMOUNT,
        Column("level_name", N_("Level"), Unit.TEXT, N_("Of the card today.")),
        Column("visits", N_("Visits"), Unit.COUNT, N_("Sales that named this card.")),
        Column("saved", N_("Saved"), Unit.MONEY, N_("Against the shelf price, in sales.")),
        Column("last_day", N_("Last visit"), Unit.DAY, N_("The last one in these days.")),
        Column("balance", N_("On the card"), Unit.PRICE, N_("Balance now, with its bonus.")),
    ),
    _member_named,
    answers=N_("Which members buy most, and when were they here last?"),
    filters=(Filter.STORE, Filter.LEVEL, Filter.MEMBER),
    drill=Drill("sales", {"member": "member"}),
    is_list=True,
)  # fmt: skip
