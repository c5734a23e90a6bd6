"""What was sold: by product, and by category."""

from dataclasses import replace

from backoffice.reports import columns as c
from backoffice.reports.report import Chart, Column, Drill, Filter, Names, Report, Row, Unit
from backoffice.words import N_
from broker.units import WeightUnit, round_half_away

_LINES = Column(
    "lines", N_("Lines"), Unit.COUNT, N_("Lines on receipts, of refunds, too."), is_rare=True
)
_AMOUNT = Column(
    "amount", N_("Amount"), Unit.MONEY,
    N_("Sum of the lines, less what came back; rounding of receipts is not in it."),
)  # fmt: skip
_DISCOUNT = Column(
    "discount", N_("Discounts"), Unit.MONEY, N_("Taken off these lines by rules."), is_rare=True
)
_MEMBERS = Column(
    "member_share", N_("Members"), Unit.SHARE,
    N_("Part of the amount that was sold at a member price."),
)  # fmt: skip


def _named(row: Row, names: Names) -> Row:
    return {**row, "name": names.product(row)}


def _averages(row: Row) -> Row:
    amount = row["amount"]
    made = {**row, "member_share": _share(row.get("member_amount", 0), amount)}
    if "unit" in row:
        made["average"] = _average(row)
    return made


def _share(part: int, whole: int) -> int:
    return round_half_away(part * 1000, whole) if whole > 0 else 0


def _average(row: Row) -> int | None:
    """Fen for one kg, lb or piece."""
    try:
        steps = 10 ** WeightUnit(row["unit"]).decimals
    except ValueError:
        return None
    return round_half_away(row["amount"] * steps, row["quantity"]) if row["quantity"] > 0 else None


BY_PRODUCT = Report(
    "by-product",
    N_("Takings by product"),
    "report_by_product",
    (
        Column("plu", N_("PLU"), Unit.NUMBER),
        Column("name", N_("Name"), Unit.TEXT, N_("As the newest price list has it.")),
        _AMOUNT,
        c.SHARE,
        Column("quantity", N_("Quantity"), Unit.QUANTITY,
               N_("Net weight or pieces, less what came back.")),
        Column("average", N_("Average price"), Unit.PRICE, N_("Amount for one kg, lb or piece.")),
        _MEMBERS,
        _LINES,
        _DISCOUNT,
        replace(c.REFUNDED, is_rare=True),
    ),
    _named,
    answers=N_("What sells, at which price, and what does not any more?"),
    keys=("plu", "unit"),
    heads=("plu", "name"),
    largest_first="amount",
    also_summed=("member_amount",),
    compared="amount",
    derived=_averages,
    share="amount",
    filters=(Filter.STORE, Filter.CATEGORY, Filter.PRODUCT),
    drill=Drill("sales", {"product": "plu"}),
    chart=Chart("name", "amount"),
)  # fmt: skip


def _category_named(row: Row, names: Names) -> Row:
    return {**row, "word": row["category"] or names._(N_("without a category"))}


BY_CATEGORY = Report(
    "by-category",
    N_("Takings by category"),
    "report_by_category",
    (
        Column("word", N_("Category"), Unit.TEXT, N_("As the newest price list has it.")),
        Column("products", N_("Products"), Unit.COUNT, N_("Products of it that were sold.")),
        _AMOUNT, c.SHARE, _MEMBERS, _LINES, _DISCOUNT, c.REFUNDED,
    ),
    _category_named,
    answers=N_("Which kinds of goods bring in how much?"),
    keys=("category",),
    largest_first="amount",
    also_summed=("member_amount",),
    compared="amount",
    derived=_averages,
    share="amount",
    filters=(Filter.STORE,),
    drill=Drill("by-product", {"category": "category"}),
    chart=Chart("word", "amount"),
)  # fmt: skip
