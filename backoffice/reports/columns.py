"""Columns that several reports share, each with its one meaning; and averages made of them."""

from backoffice.reports.report import Column, Row, Unit
from backoffice.words import N_
from broker.units import round_half_away

SALES = Column(
    "sales", N_("Sales"), Unit.COUNT, N_("Receipts of sales; refunds are not among them.")
)
GROSS = Column(
    "gross", N_("Gross"), Unit.MONEY,
    N_("Goods sold at the shelf price of their day, before discounts and member prices."),
    is_rare=True,
)  # fmt: skip
DISCOUNT = Column(
    "discount", N_("Discounts"), Unit.MONEY, N_("Taken off lines of sales by rules."), is_rare=True
)
SAVING = Column(
    "saving", N_("Saved"), Unit.MONEY,
    N_("Given by member, tier and mark-down prices against the shelf price, in sales."),
    is_rare=True,
)  # fmt: skip
ROUNDING = Column(
    "rounding", N_("Rounding"), Unit.MONEY,
    N_("Cash rounding and goodwill of sales; negative in the customer's favour."),
    is_rare=True,
)  # fmt: skip
REFUNDS = Column(
    "refunds", N_("Refunds"), Unit.COUNT, N_("Receipts of goods given back."), is_rare=True
)
REFUNDED = Column(
    "refunded", N_("Given back"), Unit.MONEY,
    N_("Money given back for goods, on the tender that it was paid with."),
)  # fmt: skip
AMOUNT = Column(
    "amount", N_("Amount"), Unit.MONEY,
    N_("Net takings: gross less discounts and savings, with rounding, less what was given back."),
)  # fmt: skip
SHARE = Column("share", N_("Share"), Unit.SHARE, N_("Part of the net takings of the total row."))
BASKET = Column(
    "basket", N_("Average sale"), Unit.PRICE, N_("What sales took, divided by their number.")
)
WEIGHT = Column(
    "grams", N_("Weight"), Unit.GRAMS,
    N_("Net weight of weighed goods, less what came back; pieces are not in it."),
    is_rare=True,
)  # fmt: skip


def with_basket(row: Row) -> Row:
    """The row with its average sale."""
    taken, sales = row["amount"] + row["refunded"], row["sales"]
    return {**row, "basket": round_half_away(taken, sales) if sales else 0}
