"""Goods into the basket."""

from dataclasses import replace
from decimal import Decimal

import pytest

from broker.sale import LineFlag
from scale_app.checkout import happenings as h
from scale_app.checkout.desk import LATCH_S, Goods, Guard, Latch, Pan
from scale_app.checkout.goods import weight_taken
from scale_app.events import Key
from scale_app.view import Stage
from tests.scale_app.checkout.driver import Checkout
from tests.scale_app.samples import APPLE, POTATO, catalog, grams


def test_a_hot_key_on_a_stable_load_is_one_line_at_once() -> None:
    till = Checkout.opened()
    till.put(1235)
    till.keys("1")
    assert [line.amount for line in till.desk.basket.lines] == [840]
    assert till.desk.latch is None


def test_a_hot_key_before_the_goods_takes_the_first_stable_weight() -> None:
    till = Checkout.opened()
    till.keys("1")
    assert (till.said, till.desk.basket.items) == ("put-goods-on", ())
    till.moving()
    assert till.desk.latch is not None
    till.put(500)
    assert [line.amount for line in till.desk.basket.lines] == [340]


def test_a_latch_dies_after_three_seconds() -> None:
    till = Checkout.opened()
    till.moving()
    till.keys("1")
    till.pass_time(2.9)
    assert till.said == "latched"
    till.pass_time(0.1)
    assert (till.desk.latch, till.said) == (None, "latch-expired")


def test_a_latch_dies_when_the_pan_empties() -> None:
    till = Checkout.opened()
    till.moving()
    till.keys("1")
    till.take_off()
    assert (till.desk.latch, till.said) == (None, "latch-gone")


def test_the_same_load_is_not_sold_twice_by_a_double_press() -> None:
    till = Checkout.opened()
    till.put(1000)
    till.keys("11")
    assert len(till.desk.basket.items) == 1
    assert till.said == "same-load"


def test_a_double_press_does_not_hold_up_the_payment() -> None:
    till = Checkout.opened()
    till.put(1000)
    till.keys("11")
    till.key(Key.ENTER)
    assert till.desk.stage is Stage.PAID
    assert len(till.done(h.PayCash)) == 1


def test_an_empty_pan_that_has_not_settled_may_wait_for_its_goods() -> None:
    till = Checkout.opened()
    till.happen(h.PanChanged(Pan(empty=True, refusal="same-load"), till.now))
    till.keys("1")
    assert till.desk.latch is not None
    till.put(700)
    assert len(till.desk.basket.items) == 1


def test_piece_goods_join_at_once_and_the_count_multiplies_the_next() -> None:
    till = Checkout.opened()
    till.keys("9")
    till.key(Key.ENTRY)
    for digit in "12":
        till.key(Key.DIGIT, digit)
    till.key(Key.TIMES)
    assert till.said == "pieces-for"
    till.keys("9")
    till.keys("9")
    assert [line.quantity for line in till.desk.basket.lines] == [1, 12, 1]
    assert till.desk.basket.total == 14 * 98


def test_a_bouncing_key_is_one_piece() -> None:
    till = Checkout.opened()
    till.keys("9")
    till.happen(h.KeyIn(Key.ITEM, "9", till.now + 0.05))
    assert len(till.desk.basket.items) == 1


def test_a_count_before_weighed_goods_is_refused() -> None:
    till = Checkout.opened()
    till.key(Key.ENTRY)
    till.key(Key.DIGIT, "3")
    till.key(Key.TIMES)
    till.put(100)
    till.keys("1")
    assert (till.said, till.desk.basket.items) == ("by-weight-only", ())


def test_the_first_key_of_the_next_customer_is_no_bounce() -> None:
    till = Checkout.opened()
    till.keys("9")
    till.key(Key.ENTER)
    assert till.desk.stage is Stage.PAID
    till.happen(h.KeyIn(Key.ITEM, "9", till.now))
    assert len(till.desk.basket.items) == 1


def test_a_number_typed_twice_is_meant_twice() -> None:
    till = Checkout.opened()
    for _ in range(2):
        for key, text in ((Key.ENTRY, ""), (Key.DIGIT, "9"), (Key.ENTER, "")):
            till.happen(h.KeyIn(key, text, till.now))
    assert len(till.desk.basket.items) == 2


def test_number_entry_finds_a_product_without_a_key() -> None:
    till = Checkout.opened()
    till.put(1000)
    till.key(Key.ENTRY)
    for digit in "70":
        till.key(Key.DIGIT, digit)
    till.key(Key.ENTER)
    assert [line.plu for line in till.desk.basket.lines] == [70]
    assert till.desk.stage is Stage.SELLING


def test_a_point_that_opens_number_entry_is_the_point_of_a_typed_tare() -> None:
    till = Checkout.opened()
    till.key(Key.ENTRY, ".")
    till.key(Key.DIGIT, "5")
    till.key(Key.TARE)
    [typed] = till.done(h.TypeTare)
    assert Decimal(typed.kilograms) == Decimal("0.5")


def test_a_point_that_opens_number_entry_is_no_part_of_a_product_number() -> None:
    till = Checkout.opened()
    till.put(1000)
    till.key(Key.ENTRY, ".")
    for digit in "70":
        till.key(Key.DIGIT, digit)
    till.key(Key.ENTER)
    assert [line.plu for line in till.desk.basket.lines] == [70]


@pytest.mark.parametrize(("typed", "said"), [("71", "unknown-plu"), ("7.1", "wrong-number")])
def test_a_wrong_number_sells_nothing(typed: str, said: str) -> None:
    till = Checkout.opened()
    till.key(Key.ENTRY)
    for digit in typed:
        till.key(Key.DIGIT, digit)
    till.key(Key.ENTER)
    assert (till.said, till.asked) == (said, [])


def test_below_minimum_costs_one_extra_key() -> None:
    till = Checkout.opened()
    till.below_minimum(60)
    till.keys("1")
    assert (till.desk.stage, till.desk.guard) == (Stage.GUARD, Guard.BELOW_MINIMUM)
    till.key(Key.ENTER)
    assert till.done(h.TakeWeight)[-1].below_minimum_ok
    assert len(till.desk.basket.items) == 1


def test_a_yes_to_a_load_below_minimum_holds_until_the_scale_has_spoken_again() -> None:
    till = Checkout.opened()
    till.below_minimum(60)
    till.keys("1")
    till.pass_time(LATCH_S + 1)
    till.stale = 1
    till.key(Key.ENTER)
    assert till.desk.basket.items == ()
    till.below_minimum(60)
    assert (till.desk.stage, till.said) == (Stage.SELLING, "")
    assert len(till.desk.basket.items) == 1


def test_a_yes_to_a_load_below_minimum_dies_with_its_latch() -> None:
    till = Checkout.opened()
    till.below_minimum(60)
    till.keys("1")
    till.stale = 1
    till.key(Key.ENTER)
    till.pass_time(LATCH_S)
    till.below_minimum(40)
    assert (till.desk.latch, till.desk.basket.items) == (None, ())


def test_back_leaves_a_load_below_minimum_unsold() -> None:
    till = Checkout.opened()
    till.keys("1")
    till.below_minimum(60)
    till.key(Key.BACK)
    assert (till.desk.stage, till.desk.latch) == (Stage.SELLING, None)
    assert till.done(h.TakeWeight) == []


def test_a_product_brings_its_tare_and_takes_it_along() -> None:
    till = Checkout.opened()
    till.put(500)
    till.keys("2")
    assert till.done(h.ProductTare) == [h.ProductTare(POTATO.tare, POTATO.plu)]
    till.take_off()
    assert till.done(h.ProductTare)[-1] == h.ProductTare(0)


def test_goods_whose_tare_is_refused_are_not_sold_too_dear() -> None:
    till = Checkout.opened()
    till.keys("2")
    till.happen(h.TareDone(refusal="too-large", of_product=True))
    assert (till.desk.latch, till.said) == (None, "tare-refused")


def test_a_product_without_a_tare_of_its_own_is_taken_back_from_the_scale_too() -> None:
    """The scale may hold a share in percent for it, or its way of weighing."""
    till = Checkout.opened()
    till.put(500)
    till.keys("1")
    till.take_off()
    assert till.done(h.ProductTare)[-1] == h.ProductTare(0)


def test_delete_needs_a_second_press_and_frees_the_load() -> None:
    till = Checkout.opened()
    till.put(400)
    till.keys("1")
    till.key(Key.DELETE_LINE)
    assert (len(till.desk.basket.items), till.said) == (1, "delete-again")
    till.key(Key.DELETE_LINE)
    assert (till.desk.basket.items, till.said) == ((), "line-deleted")
    assert till.done(h.ReleaseWeight) == [h.ReleaseWeight(till.seq)]


def test_another_key_between_the_two_presses_deletes_nothing() -> None:
    till = Checkout.opened()
    till.keys("9")
    till.key(Key.DELETE_LINE)
    till.keys("9")
    till.key(Key.DELETE_LINE)
    assert len(till.desk.basket.items) == 2


def test_a_lost_scale_still_sells_by_the_piece() -> None:
    till = Checkout.opened()
    till.happen(h.PanChanged(Pan(empty=True, refusal="lost"), 0.0))
    till.keys("1")
    assert (till.said, till.desk.latch) == ("scale-lost", None)
    till.keys("9")
    till.key(Key.ENTER)
    assert till.desk.stage is Stage.PAID


def test_a_new_price_list_takes_effect_at_the_next_basket() -> None:

    till = Checkout.opened()
    till.keys("9")
    till.happen(h.NewCatalog(catalog(4)))
    assert till.desk.catalog.version == 3
    till.key(Key.ENTER)
    assert till.desk.stage is Stage.PAID
    till.keys("9")
    assert till.desk.catalog.version == 4


def test_flags_of_the_weighing_stay_on_the_line() -> None:

    desk = replace(Checkout.opened().desk, latch=Latch(APPLE, 3.0))
    goods = Goods(grams(300).net, 1, grams(20).net, LineFlag.TARE_TYPED)
    desk, _ = weight_taken(desk, h.Taken(goods, 0.0))
    line = desk.basket.lines[0]
    assert (line.tare, line.flags) == (20, LineFlag.TARE_TYPED)


def test_quick_fingers_are_a_number_before_the_screen_has_seen_that_entry_is_open() -> None:
    till = Checkout.opened()
    till.put(1000)
    till.key(Key.ENTRY, "0")
    till.key(Key.ITEM, "7")
    till.key(Key.ENTRY, "0")
    till.key(Key.ENTER)
    assert [line.plu for line in till.desk.basket.lines] == [70]


def test_quick_fingers_are_an_item_before_the_screen_has_seen_that_entry_is_closed() -> None:
    till = Checkout.opened()
    till.key(Key.ENTRY, "0")
    till.key(Key.DIGIT, "3")
    till.key(Key.TIMES)
    till.key(Key.DIGIT, "9")
    [line] = till.desk.basket.lines
    assert line.quantity == 3
