"""Tiers, quantity prices, mark-downs, the price interval, and what the office makes of them."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.pricelist import Product, Rule, RuleKind
from broker.pricing import PLAIN, Terms, label_line, price_in_force, price_line, repriced
from broker.sale import (
    Line,
    LineFlag,
    Rounding,
    Sale,
    SaleKind,
    Tender,
    TenderKind,
    faults_of,
    saving_of,
)
from broker.units import PriceBase, Weight, WeightUnit

DAY = 20261124
TODAY = Terms(DAY)
SWEET = Product(
    50, "红薯", "Sweet potato", PriceBase.KG, [400, 380],
    rules=[Rule(RuleKind.TIER, [360, 350], 3000), Rule(RuleKind.TIER, [300], 10_000)],
)  # fmt: skip
EGGS = Product(
    51, "鸡蛋", "Eggs", PriceBase.PIECE, [120, 114],
    rules=[Rule(RuleKind.PIECES_FOR, [500], 5), Rule(RuleKind.TIER, [110], 12)],
)  # fmt: skip
BREAD = Product(
    52, "面包", "Bread", PriceBase.G100, [250, 240],
    rules=[
        Rule(RuleKind.MARKED_DOWN_BY, [30], 0, DAY, DAY),
        Rule(RuleKind.MARKED_DOWN_TO, [199], 0, 20261201, 20261205),
    ],
)  # fmt: skip


def sold(line: Line, interval: int = 1) -> Sale:
    """A cash sale of that line alone."""
    return Sale(
        SaleKind.SALE, DAY, 1, 7, 3, None, 0, line.amount, [line], [],
        [Tender(TenderKind.CASH, line.amount)], interval=interval,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("grams", "level", "unit_price", "amount"),
    [
        (2999, 0, 400, 1200),
        (3000, 0, 360, 1080),
        (2999, 1, 380, 1140),
        (3000, 1, 350, 1050),
        (9999, 0, 360, 3600),
        (10_000, 1, 300, 3000),
        (-3000, 0, 360, -1080),
    ],
)
def test_from_so_many_grams_on_the_unit_price_is_lower(
    grams: int, level: int, unit_price: int, amount: int
) -> None:
    line = price_line(SWEET, Weight(grams), level=level, terms=TODAY)
    assert (line.unit_price, line.amount, line.discount) == (unit_price, amount, 0)
    assert bool(line.flags & LineFlag.TIER_PRICE) == (abs(grams) >= 3000)
    assert faults_of(sold(line)) == ()


def test_a_tier_counts_mass_whatever_the_unit_of_the_scale() -> None:
    for weight in (Weight(30_000, WeightUnit.TENTH_GRAM), Weight(3_000_000, WeightUnit.MILLIGRAM)):
        assert price_in_force(SWEET, 0, DAY, weight)[0].minor == 360
    # 3000 g are 6.6139 lb.
    assert price_in_force(SWEET, 0, DAY, Weight(6613, WeightUnit.THOUSANDTH_LB))[0].minor == 400
    assert price_in_force(SWEET, 0, DAY, Weight(6614, WeightUnit.THOUSANDTH_LB))[0].minor == 360


@pytest.mark.parametrize(
    ("pieces", "level", "unit_price", "discount", "amount"),
    [
        (4, 0, 120, 0, 480),
        (5, 0, 120, 100, 500),
        (7, 0, 120, 100, 740),
        (10, 0, 120, 200, 1000),
        (10, 1, 120, 200, 1000),
        (4, 1, 114, 0, 456),
        (12, 0, 110, 100, 1220),
        (14, 0, 110, 100, 1440),
        (-5, 0, 120, -100, -500),
    ],
)
def test_n_pieces_for_a_sum_is_a_discount_on_the_line(
    pieces: int, level: int, unit_price: int, discount: int, amount: int
) -> None:
    # From 12 on one costs 1.10, for what is left of the groups too: 2 x 5.00 + 2 x 1.10 = 12.20.
    line = price_line(EGGS, Weight(pieces, WeightUnit.PIECE), level=level, terms=TODAY)
    assert (line.unit_price, line.discount, line.amount) == (unit_price, discount, amount)
    assert faults_of(sold(line)) == ()


def test_pieces_for_a_sum_save_a_member_nothing_that_others_pay() -> None:
    line = price_line(EGGS, Weight(5, WeightUnit.PIECE), level=1, terms=TODAY)
    assert (line.flags, saving_of(line)) == (LineFlag.PIECES_FOR, 0)


@pytest.mark.parametrize(
    ("day", "level", "unit_price"),
    [
        (DAY - 1, 0, 250),
        (DAY, 0, 175),
        (DAY, 1, 168),
        (DAY + 1, 0, 250),
        (20261201, 0, 199),
        (20261205, 1, 199),
        (20261206, 1, 240),
        (0, 0, 250),
    ],
)
def test_a_mark_down_holds_on_its_days_and_is_the_price_shown(
    day: int, level: int, unit_price: int
) -> None:
    line = price_line(BREAD, Weight(350), level=level, terms=Terms(day))
    assert line.unit_price == unit_price
    assert bool(line.flags & LineFlag.MARKED_DOWN) == (unit_price not in (250, 240))
    assert faults_of(sold(line)) == ()


def test_a_rule_of_a_later_version_does_nothing() -> None:
    odd = msgspec.structs.replace(SWEET, rules=[Rule(99, [1])])
    assert price_line(odd, Weight(5000), level=0).unit_price == 400


@pytest.mark.parametrize(
    ("grams", "interval", "amount"), [(1235, 1, 494), (1235, 10, 490), (1240, 10, 500)]
)
def test_amounts_are_multiples_of_the_price_interval(
    grams: int, interval: int, amount: int
) -> None:
    # 1.235 x 4.00 = 4.94, to tenths 4.90; 1.240 x 4.00 = 4.96, to tenths 5.00.
    line = price_line(SWEET, Weight(grams), level=0, terms=Terms(DAY, interval))
    assert line.amount == amount
    assert faults_of(sold(line, interval)) == ()
    if interval > 1:
        assert faults_of(sold(line)) == ("line-1-amount",)


def test_the_price_on_a_label_is_the_price_and_its_weight_is_derived() -> None:
    line = label_line(SWEET, 1234, terms=TODAY)
    assert (line.amount, line.quantity, line.unit_price) == (1234, 3085, 400)
    assert line.flags == LineFlag.LABEL_PRICE
    assert faults_of(sold(line)) == ()
    assert repriced(line, SWEET, 1, TODAY) == line
    wrong = msgspec.structs.replace(line, quantity=3000)
    assert faults_of(sold(wrong)) == ("line-1-weight",)


def test_a_price_label_on_pieces_is_one_piece_at_that_price() -> None:
    line = label_line(EGGS, 333, terms=Terms(DAY, 10))
    assert (line.quantity, line.unit, line.unit_price, line.amount) == (
        1,
        WeightUnit.PIECE,
        333,
        333,
    )
    assert faults_of(sold(line, 10)) == ()


def test_cash_rounding_on_a_card_sale_is_a_fault() -> None:
    line = price_line(SWEET, Weight(1001), level=0)
    sale = msgspec.structs.replace(
        sold(line), total=line.amount - 2, rounding=[Rounding(1, -2)],
        tenders=[Tender(TenderKind.STORED_VALUE, line.amount - 2, 620000000000012)],
    )  # fmt: skip
    assert faults_of(sale) == ("cash-rounding-without-cash",)


PRODUCTS = st.sampled_from([SWEET, EGGS, BREAD])
TERMS = st.builds(Terms, st.sampled_from([0, DAY, 20261203]), st.sampled_from([1, 5, 10, 100]))


def quantity(product: Product, count: int) -> Weight:
    """So many pieces, or grams."""
    return Weight(count, WeightUnit.PIECE if product.by_piece else WeightUnit.GRAM)


@given(PRODUCTS, st.integers(1, 60_000), st.integers(0, 3), TERMS)
def test_a_refund_is_the_exact_mirror_of_its_sale(
    product: Product, count: int, level: int, terms: Terms
) -> None:
    there = price_line(product, quantity(product, count), level=level, terms=terms)
    back = price_line(product, quantity(product, -count), level=level, terms=terms)
    assert (back.amount, back.discount) == (-there.amount, -there.discount)
    assert (back.unit_price, back.flags) == (there.unit_price, there.flags)


@given(PRODUCTS, st.integers(1, 60_000), st.integers(0, 3), TERMS)
def test_what_the_till_prices_the_office_never_faults(
    product: Product, count: int, level: int, terms: Terms
) -> None:
    line = price_line(product, quantity(product, count), level=level, terms=terms)
    assert faults_of(sold(line, terms.interval)) == ()
    assert (line.amount + line.discount) % terms.interval == 0


@given(PRODUCTS, st.integers(1, 60_000), st.integers(0, 3), TERMS)
def test_no_rule_makes_goods_dearer(product: Product, count: int, level: int, terms: Terms) -> None:
    plain = msgspec.structs.replace(product, rules=[])
    goods = quantity(product, count)
    ruled = price_line(product, goods, level=level, terms=terms)
    assert ruled.amount <= price_line(plain, goods, level=level, terms=terms).amount


@given(PRODUCTS, st.integers(1, 60_000), st.integers(0, 3), st.integers(0, 3), TERMS)
def test_repricing_keeps_the_goods_and_goes_back_exactly(
    product: Product, count: int, level: int, other: int, terms: Terms
) -> None:
    line = price_line(product, quantity(product, count), level=level, terms=terms)
    there = repriced(line, product, other, terms)
    assert there == price_line(product, quantity(product, count), level=other, terms=terms)
    assert repriced(there, product, level, terms) == line


@given(st.integers(0, 10**7), st.sampled_from([SWEET, BREAD]))
def test_a_price_label_never_faults(amount: int, product: Product) -> None:
    assert faults_of(sold(label_line(product, amount, terms=PLAIN))) == ()
