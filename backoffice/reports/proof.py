"""Does it all agree, and is it all here: by till, Z by Z, alert by alert, and what tills send."""

from backoffice.reports.report import PLACE, Column, Drill, Filter, Names, Report, Row, Unit
from backoffice.words import N_

_AGREES = {-1: N_("waits"), 0: N_("differs"), 1: N_("agrees")}
_LATE = Column("late", N_("Late"), Unit.COUNT,
               N_("Receipts that arrived more than ten minutes after the sale."))  # fmt: skip
_OFFLINE = Column(
    "offline", N_("Offline"), Unit.COUNT,
    N_("Receipts of card payments that the till allowed without an answer."),
)  # fmt: skip
_DELAY = Column("longest_delay", N_("Longest delay"), Unit.DELAY,
                N_("Longest time from a sale to its arrival here."))  # fmt: skip
_RECEIPTS = Column("receipts", N_("Receipts"), Unit.COUNT, N_("Sales and refunds in the books."))


def _reconciled(row: Row, names: Names) -> Row:
    open_ = row["missing"] or row["waiting"]
    verdict = 0 if row["differing"] else -1 if open_ else 1
    return {**row, "verdict": names._(_AGREES[verdict])}


RECONCILIATION = Report(
    "reconciliation",
    N_("Reconciliation"),
    "report_reconciliation",
    (
        Column("terminal", N_("Till"), Unit.TEXT),
        Column("store", N_("Store"), Unit.TEXT, is_rare=True),
        Column("verdict", N_("Verdict"), Unit.TEXT,
               N_("agrees: every Z is as the books are, and nothing is missing.")),
        _RECEIPTS,
        Column("amount", N_("In the books"), Unit.MONEY, N_("Net takings of these receipts.")),
        Column("reports", N_("Z reports"), Unit.COUNT, is_rare=True),
        Column("z_receipts", N_("Z receipts"), Unit.COUNT, N_("As the tills counted them."),
               is_rare=True),
        Column("z_total", N_("By Z"), Unit.MONEY,
               N_("Takings as the till counted them, in shifts that are closed.")),
        Column("differing", N_("Differing"), Unit.COUNT, N_("Z reports that the books deny.")),
        Column("waiting", N_("Waiting"), Unit.COUNT,
               N_("Z reports before which records are still missing.")),
        Column("missing", N_("Missing now"), Unit.COUNT,
               N_("Records between the complete part of a till's journal and its newest, today.")),
        _LATE, _OFFLINE,
        Column("faulty", N_("Faulty"), Unit.COUNT,
               N_("Receipts whose lines, total and tenders do not add up; see alerts."),
               is_rare=True),
        _DELAY,
    ),
    _reconciled,
    answers=N_("Is everything here that was sold, and does each till agree?"),
    filters=PLACE,
    keys=("terminal",),
    drill=Drill("z", {"terminal": "terminal"}),
)  # fmt: skip


def _z_named(row: Row, names: Names) -> Row:
    return {
        **row,
        "name": names.cashiers.get(row["cashier"], ""),
        "verdict": names._(_AGREES[row["agrees"]]),
        "from_to": f"{row['first_receipt']}..{row['last_receipt']}",
    }


Z_REPORTS = Report(
    "z",
    N_("Shifts"),
    "report_z",
    (
        Column("day", N_("Day"), Unit.DAY),
        Column("terminal", N_("Till"), Unit.TEXT),
        Column("amount", N_("Total"), Unit.MONEY, N_("Takings as the till counted them.")),
        Column("store", N_("Store"), Unit.TEXT, is_rare=True),
        Column("shift", N_("Shift"), Unit.NUMBER, is_rare=True),
        Column("cashier", N_("Cashier"), Unit.NUMBER),
        Column("at", N_("Closed"), Unit.MOMENT, is_rare=True),
        Column("sales", N_("Receipts"), Unit.COUNT, N_("As the till counted them, refunds too.")),
        Column("from_to", N_("Numbers"), Unit.TEXT, N_("First and last receipt of the shift."),
               is_rare=True),
        Column("cash", N_("Cash"), Unit.MONEY),
        Column("stored_value", N_("Stored value"), Unit.MONEY),
        Column("city_card", N_("City card"), Unit.MONEY),
        Column("qr", N_("QR code"), Unit.MONEY),
        Column("rounding", N_("Rounding"), Unit.MONEY, is_rare=True),
        Column("saving", N_("Saved"), Unit.MONEY, is_rare=True),
        Column("reversals", N_("Voids"), Unit.COUNT, N_("Card payments taken back in the shift."),
               is_rare=True),
        Column("verdict", N_("Verdict"), Unit.TEXT),
        Column("difference", N_("Difference"), Unit.TEXT, N_("Where till and books disagree.")),
    ),
    _z_named,
    answers=N_("What did each till count at the end of its shift, and do the books agree?"),
    filters=(*PLACE, Filter.CASHIER),
    heads=("day", "terminal"),
    drill=Drill("sales", {"from": "day", "to": "day", "terminal": "terminal"}),
    is_list=True,
)  # fmt: skip

EXCEPTIONS = Report(
    "exceptions",
    N_("Exceptions"),
    "report_exceptions",
    (
        Column("word", N_("Alert"), Unit.TEXT, N_("Stable word of the alert.")),
        Column("terminal", N_("Till"), Unit.TEXT),
        Column("store", N_("Store"), Unit.TEXT),
        Column("alerts", N_("Alerts"), Unit.COUNT),
        Column("unseen", N_("Unseen"), Unit.COUNT, N_("Those that nobody has seen to yet.")),
        Column("cards", N_("Cards"), Unit.COUNT, N_("Different cards in them.")),
        Column("first_at", N_("First"), Unit.MOMENT),
        Column("last_at", N_("Last"), Unit.MOMENT),
    ),
    answers=N_("Where does something happen that should not?"),
    filters=(Filter.STORE, Filter.TERMINAL),
    keys=("word", "terminal"),
    compared="alerts",
)  # fmt: skip

_STATES = {0: N_("away"), 1: N_("here")}


def _till_named(row: Row, names: Names) -> Row:
    state = names._(N_("locked out")) if row["suspended"] else names._(
        _STATES.get(row["seen_state"], _STATES[0])
    )  # fmt: skip
    return {**row, "state": state}


TERMINALS = Report(
    "terminals",
    N_("Tills and their traffic"),
    "report_terminals",
    (
        Column("terminal", N_("Till"), Unit.TEXT),
        Column("store", N_("Store"), Unit.TEXT, is_rare=True),
        Column("stall", N_("Stall"), Unit.TEXT),
        Column("state", N_("State"), Unit.TEXT, N_("Now.")),
        Column("seen_at", N_("Last heard"), Unit.MOMENT),
        Column("unsent", N_("Unsent"), Unit.COUNT, N_("Records that it still has to send.")),
        _RECEIPTS, _OFFLINE, _LATE, _DELAY,
        Column("entries", N_("Records"), Unit.COUNT,
               N_("Journal records that arrived, by the day of UTC.")),
        Column("bytes", N_("Data"), Unit.BYTES,
               N_("Bytes of these records as sent, without what the network adds around them.")),
    ),
    _till_named,
    answers=N_("Which till is healthy, and how much of its data plan does it use?"),
    filters=PLACE,
    keys=("terminal",),
    drill=Drill("sales", {"terminal": "terminal"}),
)  # fmt: skip
