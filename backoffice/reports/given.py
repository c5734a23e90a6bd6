"""What was given back and given away: refunds one by one, and price rules with what they cost."""

from backoffice.reports import columns as c
from backoffice.reports.by_member import level_named
from backoffice.reports.by_tender import tender_word
from backoffice.reports.report import PLACE, Chart, Column, Drill, Filter, Names, Report, Row, Unit
from backoffice.rollups import MARKED_DOWN, MEMBER, OTHER, PIECES_FOR, TIER
from backoffice.words import N_
from broker.messages import RefundReason
from broker.units import round_half_away

REASONS = {
    RefundReason.WRONG_GOODS: N_("wrong goods"),
    RefundReason.WRONG_WEIGHT: N_("wrong weight"),
    RefundReason.WRONG_TENDER: N_("wrong tender"),
    RefundReason.CUSTOMER: N_("customer's wish"),
}
RULES = {
    MEMBER: N_("member price"),
    TIER: N_("quantity price"),
    MARKED_DOWN: N_("mark-down"),
    PIECES_FOR: N_("pieces for a sum"),
    OTHER: N_("other"),
}


def _refund_named(row: Row, names: Names) -> Row:
    known = row["reason"] in REASONS
    mixed = row["tenders"] > 1
    first = f"{row['first_terminal']} {row['first_receipt']}" if row["first_terminal"] else ""
    return {
        **row,
        "uid": row["uid"].hex(),
        "why": names._(REASONS[row["reason"]]) if known else "",
        "tender": names._(N_("mixed")) if mixed else tender_word(row["tender_kind"], names),
        "first": first,
        "approved": row["approved_by"] or None,
        "without_answer": names._(N_("yes")) if row["offline"] else "",
    }


REFUNDS = Report(
    "refunds",
    N_("Refunds"),
    "report_refunds",
    (
        Column("at", N_("Time"), Unit.MOMENT, N_("By the till's clock.")),
        c.REFUNDED,
        Column("day", N_("Day"), Unit.DAY, is_rare=True),
        Column("store", N_("Store"), Unit.TEXT, is_rare=True),
        Column("terminal", N_("Till"), Unit.TEXT),
        Column("receipt", N_("Receipt"), Unit.NUMBER),
        Column("cashier", N_("Cashier"), Unit.NUMBER),
        Column("approved", N_("Approved by"), Unit.NUMBER, N_("The second person, where needed.")),
        Column("why", N_("Reason"), Unit.TEXT),
        Column("tender", N_("Tender"), Unit.TEXT, N_("What it was paid with, and goes back to.")),
        Column("first", N_("Of receipt"), Unit.TEXT, N_("Till and number of the sale.")),
        Column("first_day", N_("Sold on"), Unit.DAY, is_rare=True),
        Column("after", N_("After"), Unit.DELAY, N_("Time from the sale to its refund.")),
        Column("without_answer", N_("Offline"), Unit.TEXT, is_rare=True),
    ),
    _refund_named,
    answers=N_("What was given back, of which receipt, why, and by whose leave?"),
    filters=(*PLACE, Filter.CASHIER, Filter.TENDER),
    drill=Drill("receipt", {"uid": "uid"}),
    is_list=True,
)  # fmt: skip


def _rule_named(row: Row, names: Names) -> Row:
    return {**level_named(row, names), "word": names._(RULES.get(row["rule"], RULES[OTHER]))}


def _part(row: Row) -> Row:
    gross = row["gross"]
    return {**row, "part": round_half_away(row["given"] * 1000, gross) if gross > 0 else 0}


DISCOUNTS = Report(
    "discounts",
    N_("Given away"),
    "report_discounts",
    (
        Column("word", N_("Rule"), Unit.TEXT, N_("What made the line cheaper.")),
        Column("level_name", N_("Level"), Unit.TEXT, N_("Price level of the sale.")),
        Column("given", N_("Given away"), Unit.MONEY, N_("Saved and taken off together.")),
        Column("lines", N_("Lines"), Unit.COUNT, N_("Lines of sales that were cheaper."),
               is_rare=True),
        Column("gross", N_("Gross"), Unit.MONEY, N_("These lines at the shelf price.")),
        Column("saving", N_("Saved"), Unit.MONEY, N_("By a lower unit price.")),
        Column("discount", N_("Discounts"), Unit.MONEY, N_("Taken off the line.")),
        Column("part", N_("Part of gross"), Unit.SHARE, N_("Given away, of these lines' gross.")),
    ),
    _rule_named,
    answers=N_("Which price rules give away how much?"),
    keys=("rule", "level"),
    heads=("word", "level_name"),
    compared="given",
    derived=_part,
    filters=(Filter.STORE, Filter.LEVEL),
    chart=Chart("word", "given"),
)  # fmt: skip
