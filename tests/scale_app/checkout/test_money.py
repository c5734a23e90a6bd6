"""Cash rounding, rounding off, rules of prices and bar codes at the table."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.cash_rounding import CashRule, Mode
from broker.labels import FNC1, element_string, layout_of, weighed_elements, write_in_store
from broker.pricelist import Policy, Product, Rule, RuleKind
from broker.sale import LineFlag, Rounding, RoundingKind, Sale, Tender, TenderKind
from broker.units import PriceBase
from scale_app.catalog import Catalog, catalog_of
from scale_app.checkout import happenings as h
from scale_app.checkout.basket import SaleFacts, sale_of
from scale_app.events import Key
from scale_app.view import Stage
from tests.scale_app.checkout.driver import Checkout
from tests.scale_app.samples import APPLE, EGGS, TODAY, price_list

SWEET = Product(
    50, "红薯", "Sweet potato", PriceBase.KG, [400, 380], key="5", barcode="97032069804981",
    rules=[
        Rule(RuleKind.TIER, [360, 350], 3000),
        Rule(RuleKind.MARKED_DOWN_BY, [50], 0, TODAY + 1),
    ],
)  # fmt: skip
MILK = Product(
    51, "牛奶", "Milk", PriceBase.PIECE, [333], key="6", barcode="7032069804988",
    rules=[Rule(RuleKind.PIECES_FOR, [900], 3)],
)  # fmt: skip
POLICY = Policy(
    [CashRule(10, Mode.HALF_UP)], 100, 1, ["21IIIIIWWWWWC", "23IIIIIPPPPPC", "20IIIIIVPPPPC"]
)
WEIGHT, PRICE = layout_of(POLICY.labels[0]), layout_of(POLICY.labels[1])


def shop(policy: Policy = POLICY) -> Catalog:
    prices = price_list()
    products = [*prices.products, SWEET, MILK]
    return catalog_of(msgspec.structs.replace(prices, products=products, policy=policy))


def opened(policy: Policy = POLICY) -> Checkout:
    till = Checkout.opened()
    till.happen(h.NewCatalog(shop(policy)))
    till.happen(h.NewDay(TODAY))
    return till


def scan(till: Checkout, text: str) -> None:
    till.now += 0.5
    till.happen(h.Scanned(text, till.now))


def closed(till: Checkout, kind: TenderKind) -> Sale:
    basket = till.desk.basket
    amount = till.desk.cash_total if kind is TenderKind.CASH else basket.total
    card = 620000000000018 if kind is TenderKind.STORED_VALUE else None
    facts = SaleFacts(TODAY, 1, 7, 3, till.desk.policy.interval)
    return sale_of(basket, Tender(kind, amount, card), facts)


def test_cash_pays_the_rounded_total_and_a_card_the_exact_one() -> None:
    till = opened()
    till.keys("6")
    cash, card = closed(till, TenderKind.CASH), closed(till, TenderKind.STORED_VALUE)
    assert (cash.total, cash.rounding) == (330, [Rounding(RoundingKind.CASH, -3)])
    assert (card.total, card.rounding) == (333, [])


def test_rounding_off_is_a_row_of_its_own_and_changes_no_line() -> None:
    till = opened()
    till.keys("6")
    lines = till.desk.basket.lines
    till.key(Key.ROUND_OFF)
    assert (till.said, till.desk.basket.total, till.desk.basket.lines) == (
        "rounded-off",
        300,
        lines,
    )
    sale = closed(till, TenderKind.STORED_VALUE)
    assert (sale.total, sale.rounding) == (300, [Rounding(RoundingKind.GOODWILL, -33)])


def test_the_same_key_takes_rounding_off_back_and_so_does_any_change() -> None:
    till = opened()
    till.keys("6")
    till.key(Key.ROUND_OFF)
    till.key(Key.ROUND_OFF)
    assert (till.said, till.desk.basket.total) == ("not-rounded-off", 333)
    till.key(Key.ROUND_OFF)
    till.keys("6")
    assert till.desk.basket.total == 666
    till.key(Key.ROUND_OFF)
    till.key(Key.DELETE_LINE)
    till.key(Key.DELETE_LINE)
    assert till.desk.basket.total == 333


def test_rounding_off_needs_goods_and_the_price_lists_leave() -> None:
    till = opened()
    till.key(Key.ROUND_OFF)
    assert till.said == "basket-empty"
    till = opened(Policy())
    till.keys("6")
    till.key(Key.ROUND_OFF)
    assert (till.said, till.desk.basket.total) == ("no-rounding-off", 333)


def test_a_tier_and_a_mark_down_choose_the_price_at_the_pan() -> None:
    till = opened()
    till.put(3000)
    till.keys("5")
    [line] = till.desk.basket.lines
    assert (line.unit_price, line.amount, line.flags) == (360, 1080, LineFlag.TIER_PRICE)
    till = opened()
    till.happen(h.NewDay(TODAY + 1))
    till.put(3000)
    till.keys("5")
    [line] = till.desk.basket.lines
    assert (line.unit_price, line.amount, line.flags) == (200, 600, LineFlag.MARKED_DOWN)


def test_amounts_go_by_the_price_interval_of_the_list() -> None:
    till = opened(Policy(interval=10))
    till.put(1235)
    till.keys("5")
    assert till.desk.basket.total == 490
    assert closed(till, TenderKind.CASH).interval == 10


def test_a_scanned_price_is_the_price_and_its_weight_is_marked_derived() -> None:
    till = opened()
    scan(till, write_in_store(50, 1234, PRICE, 2))
    [line] = till.desk.basket.lines
    assert (line.amount, line.quantity, line.flags) == (1234, 3085, LineFlag.LABEL_PRICE)
    assert closed(till, TenderKind.STORED_VALUE).total == 1234


def test_a_scanned_weight_is_priced_here() -> None:
    till = opened()
    scan(till, write_in_store(50, 3000, WEIGHT, 2))
    [line] = till.desk.basket.lines
    assert (line.amount, line.flags) == (1080, LineFlag.LABEL_WEIGHT | LineFlag.TIER_PRICE)


@pytest.mark.parametrize("code", ["7032069804988", "07032069804988", "]E07032069804988"])
def test_a_scanned_gtin_sells_a_piece(code: str) -> None:
    till = opened()
    scan(till, code)
    assert [line.plu for line in till.desk.basket.lines] == [51]


def test_a_scanned_gtin_of_weighed_goods_waits_for_the_weight() -> None:
    till = opened()
    scan(till, "97032069804981")
    assert till.desk.latch is not None
    till.put(1000)
    assert till.desk.basket.total == 400


def test_a_scanned_element_string_brings_weight_price_and_date() -> None:
    till = opened()
    pack = weighed_elements("97032069804981", 1235, 840, 2)
    scan(till, "]e0" + element_string({**pack, "10": "A-7", "17": "261130"}))
    [line] = till.desk.basket.lines
    assert (line.plu, line.amount, line.flags) == (50, 840, LineFlag.LABEL_PRICE)
    scan(till, element_string(weighed_elements("97032069804981", 1235, None, 2)))
    assert till.desk.basket.lines[1].amount == 494


def test_goods_past_their_last_day_are_not_sold() -> None:
    till = opened()
    scan(till, element_string({"01": "97032069804981", "3103": "001235", "17": "261123"}))
    assert (till.said, till.desk.basket.items) == ("past-date", ())


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("7032069804989", "bad-label"),
        ("2011122812349", "bad-label"),
        ("6901234567892", "unknown-barcode"),
        ("0197032069804980" + "3103001235", "bad-label"),
        ("10ABC" + FNC1 + "3103001235", "bad-label"),
        ("hello", "bad-label"),
        ("١٢٣٤٥٦٧٨", "bad-label"),
        ("", "bad-label"),
        (write_in_store(99, 100, PRICE, 2), "unknown-barcode"),
        (write_in_store(51, 100, WEIGHT, 2), "label-not-for"),
    ],
)
def test_a_code_that_cannot_be_sold_by_is_refused_in_a_sentence(code: str, said: str) -> None:
    till = opened()
    scan(till, code)
    assert (till.said, till.desk.basket.items, till.desk.stage) == (said, (), Stage.SELLING)


def test_six_digits_and_more_are_a_code_or_an_item_and_never_a_price() -> None:
    till = opened()
    till.key(Key.ENTRY)
    for digit in "7032069804988":
        till.key(Key.DIGIT, digit)
    till.key(Key.ENTER)
    assert [line.plu for line in till.desk.basket.lines] == [51]
    till.key(Key.ENTRY)
    for digit in "123456":
        till.key(Key.DIGIT, digit)
    till.key(Key.ENTER)
    assert (till.said, len(till.desk.basket.lines)) == ("bad-label", 1)


def test_a_scan_after_a_paid_sale_begins_the_next_basket_and_one_while_asking_does_nothing() -> (
    None
):
    till = opened()
    scan(till, "7032069804988")
    till.key(Key.ENTER)
    assert till.desk.stage.value == "paid"
    scan(till, "7032069804988")
    assert (till.desk.stage, len(till.desk.basket.items)) == (Stage.SELLING, 1)
    till.answers_cash = False
    till.key(Key.ENTER)
    assert till.desk.stage.value == "asking"
    scan(till, "7032069804988")
    assert len(till.desk.basket.items) == 1


STEPS = st.lists(st.sampled_from(["6", "5", "9", "off", "back", "price", "weight"]), max_size=12)


@given(STEPS, st.sampled_from(sorted(Mode)), st.sampled_from([1, 5, 10]), st.booleans())
def test_total_is_lines_and_rounding_and_what_is_tendered(
    steps: list[str], mode: Mode, interval: int, is_cash: bool
) -> None:
    till = opened(Policy([CashRule(5, mode)], 10, interval, POLICY.labels))
    for number, step in enumerate(steps):
        if step == "off":
            till.key(Key.ROUND_OFF)
        elif step == "back":
            till.key(Key.DELETE_LINE)
        elif step == "price":
            scan(till, write_in_store(50, 101 + number, PRICE, 2))
        elif step == "weight":
            scan(till, write_in_store(50, 101 + number, WEIGHT, 2))
        else:
            till.put(103 + number)
            till.keys(step)
    if not till.desk.basket.items:
        return
    sale = closed(till, TenderKind.CASH if is_cash else TenderKind.STORED_VALUE)
    lines, rounding = sum(x.amount for x in sale.lines), sum(x.amount for x in sale.rounding)
    assert sale.total == lines + rounding == sum(x.amount for x in sale.tenders)
    assert is_cash or all(row.kind == RoundingKind.GOODWILL for row in sale.rounding)
    assert {APPLE.plu, EGGS.plu, 50, 51} >= {line.plu for line in sale.lines}
