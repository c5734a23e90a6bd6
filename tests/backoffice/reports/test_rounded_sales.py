"""Cash rounding, goodwill and the price interval in the books: all reports and checks agree."""

from backoffice.reports.all import REPORTS
from backoffice.reports.answer import asked
from backoffice.reports.check import check
from backoffice.reports.report import names_of
from backoffice.words import translator
from broker.messages import Kind, ZReport
from broker.pricelist import Product, Rule, RuleKind
from broker.pricing import Terms, price_line
from broker.sale import LineFlag, Rounding, Sale, Tender, TenderKind, saving_in
from broker.tally import tally
from broker.units import PriceBase, Weight
from tests.backoffice.world import DAY, Scale, World, new_op

SWEET = Product(
    1, "红薯", "Sweet potato", PriceBase.KG, [403, 377], rules=[Rule(RuleKind.TIER, [351], 3000)]
)


def weighed(grams: int, rounding: list[Rounding], level: int = 0) -> Sale:
    """A cash sale of sweet potatoes, amounts to ten fen."""
    line = price_line(SWEET, Weight(grams), level=level, terms=Terms(DAY, 10))
    total = line.amount + sum(row.amount for row in rounding)
    tender = Tender(TenderKind.CASH, total)
    return Sale(1, DAY, 1, 7, 1, None, level, total, [line], rounding, [tender], interval=10)


def test_rounded_sales_are_booked_whole_and_every_check_agrees(world: World, scale: Scale) -> None:
    scale.sign_on()
    sales = [
        weighed(1235, [Rounding(2, -30), Rounding(1, 5)]),
        weighed(1111, [], level=1),
        weighed(3275, [Rounding(1, -2)]),
    ]
    assert sales[2].lines[0].flags & LineFlag.TIER_PRICE
    scale.upload(*(scale.paid(new_op(), sale) for sale in sales))
    sums = tally(enumerate(sales, 1))
    # 1.111 kg cost 4.50 on the shelf and 4.20 for the member, both to tenths.
    assert (sums.saving, [saving_in(sale) for sale in sales]) == (30, [0, 30, 0])
    report = ZReport(
        1, DAY, 7, 0, 3, 3, sums.total, sums.saving, list(sums.tenders), 1, 3,
        rounding=list(sums.rounding),
    )  # fmt: skip
    scale.upload(scale.entry(Kind.Z, new_op(), report))
    assert check(world.desk.store, 0, 99_999_999).differences == ()
    assert world.balance("rounding") == -30 + 5 - 2
    assert world.alerts() == []
    names = names_of(world.desk.store, "en", translator("en"))
    [row] = asked(world.desk.store, REPORTS["by-cashier"], names, first=DAY, last=DAY).rows
    assert row["goodwill"] == -30


def test_a_z_that_hides_what_was_rounded_is_found(world: World, scale: Scale) -> None:
    scale.sign_on()
    scale.upload(scale.paid(new_op(), weighed(1235, [Rounding(2, -30)])))
    sums = tally([(1, weighed(1235, [Rounding(2, -30)]))])
    report = ZReport(1, DAY, 7, 0, 1, 1, sums.total, 0, list(sums.tenders), 1, 1)
    scale.upload(scale.entry(Kind.Z, new_op(), report))
    assert "z-report" in {one.check for one in check(world.desk.store, 0, 99_999_999).differences}


def test_amounts_off_the_price_interval_are_stored_and_reported(world: World, scale: Scale) -> None:
    scale.sign_on()
    line = price_line(SWEET, Weight(1235), level=0)
    tender = Tender(TenderKind.CASH, line.amount)
    odd = Sale(1, DAY, 1, 7, 1, None, 0, line.amount, [line], [], [tender], interval=10)
    scale.upload(scale.paid(new_op(), odd))
    assert world.count("sale") == 1
    assert world.alerts() != []
