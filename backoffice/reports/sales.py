"""Each receipt by itself: where every other report leads to."""

from backoffice.reports import columns as c
from backoffice.reports.by_tender import tender_word
from backoffice.reports.report import PLACE, Column, Drill, Filter, Names, Report, Row, Unit
from backoffice.words import N_
from broker.sale import SaleKind


def sale_named(row: Row, names: Names) -> Row:
    """The row with words for kind, tender, level and cashier."""
    refund = row["kind"] == SaleKind.REFUND
    mixed = row["tenders"] > 1
    return {
        **row,
        "uid": row["uid"].hex(),
        "what": names._(N_("refund")) if refund else names._(N_("sale")),
        "tender": names._(N_("mixed")) if mixed else tender_word(row["tender_kind"], names),
        "level_name": names.level(row["level"]),
        "name": names.cashiers.get(row["cashier"], ""),
        "without_answer": names._(N_("yes")) if row["offline"] else "",
    }


SALES_LIST = Report(
    "sales",
    N_("Receipts"),
    "report_sales",
    (
        Column("at", N_("Time"), Unit.MOMENT, N_("By the till's clock.")),
        Column("amount", N_("Amount"), Unit.MONEY,
               N_("Total of the receipt; negative for a refund.")),
        Column("day", N_("Day"), Unit.DAY, N_("Business day, set at the sale."), is_rare=True),
        Column("store", N_("Store"), Unit.TEXT, is_rare=True),
        Column("terminal", N_("Till"), Unit.TEXT),
        Column("receipt", N_("Receipt"), Unit.NUMBER, N_("Number on the receipt, of its till.")),
        Column("what", N_("What"), Unit.TEXT),
        Column("cashier", N_("Cashier"), Unit.NUMBER),
        Column("level_name", N_("Level"), Unit.TEXT, N_("Price level that it was sold at.")),
        Column("tender", N_("Tender"), Unit.TEXT),
        Column("lines", N_("Lines"), Unit.COUNT),
        c.SAVING,
        Column("without_answer", N_("Offline"), Unit.TEXT,
               N_("A card payment that the till allowed without an answer.")),
        Column("received_at", N_("Received"), Unit.MOMENT, N_("When the record arrived here."),
               is_rare=True),
    ),
    sale_named,
    answers=N_("Which receipts make up a figure?"),
    filters=(*PLACE, Filter.CASHIER, Filter.LEVEL, Filter.TENDER, Filter.PRODUCT, Filter.MEMBER),
    drill=Drill("receipt", {"uid": "uid"}),
    is_list=True,
)  # fmt: skip
