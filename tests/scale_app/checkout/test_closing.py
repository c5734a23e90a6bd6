"""Cash, card, and everything that may come between."""

from dataclasses import replace

import pytest

from scale_app.catalog import NO_CATALOG
from scale_app.checkout import happenings as h
from scale_app.checkout.basket import Member
from scale_app.checkout.desk import Pan, TapMode
from scale_app.events import Key
from scale_app.view import Message, Stage
from tests.scale_app.checkout.driver import Checkout
from tests.scale_app.samples import TODAY, card, catalog


def test_three_keys_and_one_tap_are_a_card_sale_of_three_items() -> None:
    till = Checkout.opened()
    till.weigh("1", 1235)
    till.weigh("2", 800)
    till.keys("9")
    till.tap(card("stored"))
    assert till.desk.stage is Stage.ASKING
    [pay] = till.done(h.PayCard)
    assert [line.plu for line in pay.basket.lines] == [1, 2, 9]
    assert pay.basket.total == 840 + 200 + 98


def test_keys_and_enter_are_exact_cash() -> None:
    till = Checkout.opened()
    till.weigh("1", 1000)
    till.keys("9")
    till.key(Key.ENTER)
    assert (till.desk.stage, till.said) == (Stage.PAID, "paid-cash")


def test_a_second_enter_sells_nothing() -> None:
    till = Checkout.opened()
    till.keys("9")
    till.key(Key.ENTER)
    till.key(Key.ENTER)
    till.key(Key.CASH)
    assert len(till.done(h.PayCash)) == 1


def test_taps_and_keys_while_asking_change_nothing() -> None:
    till = Checkout.opened()
    till.keys("9")
    till.tap(card())
    for _ in range(2):
        till.tap(card(tap=2))
        till.key(Key.ENTER)
        till.keys("9")
        till.key(Key.BACK)
    assert len(till.done(h.PayCard)) == 1
    assert till.done(h.PayCash) == []
    assert till.done(h.GiveUp) == []
    assert len(till.desk.basket.items) == 1


@pytest.mark.parametrize(("key", "cash"), [(Key.ENTER, True), (Key.CASH, True), (Key.BACK, False)])
def test_after_two_seconds_the_cashier_chooses(key: Key, cash: bool) -> None:
    till = Checkout.opened()
    till.keys("9")
    till.tap(card())
    till.happen(h.AskSlow())
    assert till.said == "asking-slow"
    till.key(key)
    till.key(key)
    assert till.done(h.GiveUp) == [h.GiveUp(till.desk.number, cash)]


def test_an_approval_is_shown_only_when_it_is_saved() -> None:
    till = Checkout.opened()
    till.keys("9")
    till.tap(card())
    assert till.desk.stage is Stage.ASKING
    till.happen(h.Saved(("r",), 7, Message("paid-card"), 4100))
    assert (till.desk.stage, till.desk.receipt_number) == (Stage.PAID, 7)
    assert till.desk.card is not None
    assert till.desk.card.balance == 4100


def test_a_declined_card_leaves_the_basket_for_cash() -> None:
    till = Checkout.opened()
    till.keys("99")
    till.tap(card("stored"))
    till.happen(h.Refused(Message("insufficient")))
    assert (till.desk.stage, till.said) == (Stage.REFUSED, "insufficient")
    till.key(Key.ENTER)
    assert till.desk.stage is Stage.PAID


def test_a_wrong_level_is_priced_anew_and_wants_another_tap() -> None:
    till = Checkout.opened()
    till.weigh("1", 1000)
    till.tap(card(level=2))
    assert till.desk.basket.total == 612
    till.happen(h.Refused(Message("price-changed"), level=1))
    assert (till.desk.basket.total, till.said) == (646, "price-changed")
    assert len(till.done(h.PayCard)) == 1


def test_a_tap_with_an_empty_basket_asks_the_balance_and_pays_nothing() -> None:
    till = Checkout.opened()
    till.tap(card())
    [asked] = till.done(h.AskBalance)
    till.happen(h.BalanceKnown(asked.card.number, 5000))
    assert (till.said, till.desk.card and till.desk.card.balance) == ("card-known", 5000)
    assert till.desk.stage is Stage.SELLING


def test_goods_after_the_card_show_the_member_price_and_wait_for_a_second_tap() -> None:
    till = Checkout.opened()
    till.tap(card())
    till.weigh("1", 1000)
    assert till.desk.basket.total == 646
    assert till.done(h.PayCard) == []
    till.lift()
    till.tap(card(tap=2))
    assert len(till.done(h.PayCard)) == 1


def test_the_pay_key_pays_with_the_card_that_lies_there() -> None:
    till = Checkout.opened()
    till.tap(card())
    till.weigh("1", 1000)
    till.key(Key.PAY)
    assert len(till.done(h.PayCard)) == 1


def test_the_pay_key_without_a_card_asks_for_the_tap() -> None:
    till = Checkout.opened()
    till.keys("9")
    till.key(Key.PAY)
    assert (till.said, till.done(h.PayCard)) == ("tap-to-pay", [])


def test_a_member_card_reprices_and_cash_follows() -> None:
    till = Checkout.opened()
    till.weigh("1", 1000)
    till.tap(card("member", level=2))
    assert (till.said, till.desk.basket.total, till.desk.saving) == ("member-price", 612, 68)
    till.key(Key.ENTER)
    [pay] = till.done(h.PayCash)
    assert pay.basket.member == Member(620000000000018, 2)


def test_a_member_card_and_a_purse_card_work_together() -> None:
    till = Checkout.opened()
    till.weigh("1", 1000)
    till.tap(card("member", level=1))
    till.lift()
    till.tap(card("stored", tap=2, number=620000000000026))
    [pay] = till.done(h.PayCard)
    assert pay.basket.member == Member(620000000000018, 1)
    assert pay.card.number == 620000000000026


def test_a_tap_waits_for_the_latched_item_and_then_pays_for_it_too() -> None:
    till = Checkout.opened()
    till.keys("9")
    till.moving()
    till.keys("1")
    till.tap(card("stored"))
    assert (till.said, till.done(h.PayCard)) == ("pays-when-stable", [])
    till.put(1000)
    [pay] = till.done(h.PayCard)
    assert pay.basket.total == 98 + 680


def test_a_wish_to_pay_dies_with_the_latch_so_that_nothing_is_left_out() -> None:
    till = Checkout.opened()
    till.keys("9")
    till.moving()
    till.keys("1")
    till.key(Key.ENTER)
    till.key(Key.ENTER)
    till.pass_time(3.0)
    assert (till.said, till.done(h.PayCash)) == ("latch-expired", [])
    till.put(1000)
    assert till.done(h.PayCash) == []


def test_offline_the_till_decides_and_cash_works() -> None:
    till = Checkout.opened(online=False)
    till.keys("9")
    till.tap(card())
    assert len(till.done(h.PayCard)) == 1
    till.happen(h.Refused(Message("card-offline")))
    assert till.desk.basket.total == 90
    till.key(Key.ENTER)
    assert till.desk.stage is Stage.PAID


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"valid_to": 20261123}, "card-expired"), ({"valid_from": 20261125}, "card-not-yet-valid")],
)
def test_a_card_outside_its_time_is_refused(changed: dict[str, int], said: str) -> None:
    till = Checkout.opened()
    till.keys("9")
    till.tap(replace(card(), **changed))  # type: ignore[arg-type]
    assert (till.said, till.desk.card, till.done(h.PayCard)) == (said, None, [])


def test_the_last_day_of_a_card_counts() -> None:
    till = Checkout.opened()
    till.keys("9")
    till.tap(replace(card(), valid_to=TODAY))
    assert len(till.done(h.PayCard)) == 1


def test_in_a_stall_that_asks_the_tap_costs_one_key_more() -> None:
    till = Checkout.opened(TapMode.ASK)
    till.keys("9")
    till.tap(card())
    assert (till.desk.stage, till.said, till.done(h.PayCard)) == (Stage.GUARD, "card-ask", [])
    till.key(Key.ENTER)
    assert len(till.done(h.PayCard)) == 1


def test_in_a_stall_where_a_tap_only_shows_the_price_the_pay_key_pays() -> None:
    till = Checkout.opened(TapMode.MEMBER)
    till.keys("9")
    till.tap(card())
    assert (till.said, till.done(h.PayCard)) == ("member-price", [])
    till.key(Key.PAY)
    assert len(till.done(h.PayCard)) == 1


def test_a_lifted_card_is_forgotten_after_half_a_minute() -> None:
    till = Checkout.opened()
    till.tap(card())
    till.lift()
    till.pass_time(29)
    known = till.desk.basket.member
    assert known == Member(620000000000018, 1)
    till.pass_time(2)
    assert (till.desk.card, till.desk.basket.member) == (None, None)


def test_goods_keep_the_member_price_of_the_card_that_was_put_away() -> None:
    till = Checkout.opened()
    till.weigh("1", 1000)
    till.tap(card("member"))
    till.lift()
    till.pass_time(60)
    assert till.desk.basket.total == 646


def test_back_forgets_the_card_and_its_price() -> None:
    till = Checkout.opened()
    till.weigh("1", 1000)
    till.tap(card("member"))
    till.key(Key.BACK)
    assert (till.desk.card, till.desk.basket.total) == (None, 680)


def test_the_next_customer_does_not_inherit_the_card_left_on_the_reader() -> None:
    till = Checkout.opened()
    till.keys("9")
    till.tap(card())
    till.happen(h.Saved(("r",), 1, Message("paid-card"), 0))
    till.keys("9")
    assert (till.desk.card, till.desk.basket.total) == (None, 98)
    till.key(Key.PAY)
    assert len(till.done(h.PayCard)) == 1


def test_the_same_card_after_the_sale_shows_the_lower_balance() -> None:
    till = Checkout.opened()
    till.keys("9")
    till.tap(card())
    till.happen(h.Saved(("r",), 1, Message("paid-card"), 4100))
    till.lift()
    till.tap(card(tap=2))
    assert till.desk.stage is Stage.SELLING
    assert len(till.done(h.AskBalance)) == 1


def test_goods_swinging_off_the_pan_leave_the_paid_screen() -> None:
    till = Checkout.opened()
    till.put(500)
    till.keys("1")
    till.key(Key.ENTER)
    till.take_off()
    till.happen(h.PanChanged(Pan(empty=False, refusal="moving"), till.now))
    till.take_off()
    swung = till.desk.stage
    till.put(200)
    assert (swung, till.desk.stage) == (Stage.PAID, Stage.SELLING)


def test_a_stopped_till_sells_nothing_and_goes_on_with_the_same_basket() -> None:
    till = Checkout.opened()
    till.answers_cash = False
    till.keys("9")
    till.key(Key.ENTER)
    till.happen(h.Stopped(Message("disk-full")))
    till.keys("99")
    till.key(Key.ENTER)
    till.tap(card())
    assert (till.desk.stage, len(till.asked)) == (Stage.STOPPED, 2)
    kept = len(till.done(h.Checkpoint))
    till.happen(h.Recovered())
    assert till.done(h.Checkpoint)[kept:] == [h.Checkpoint(till.desk.basket)], "it was not kept"
    till.answers_cash = True
    till.key(Key.ENTER)
    assert (till.desk.stage, till.receipts) == (Stage.PAID, 1)


def test_the_program_does_not_end_in_the_middle_of_a_sale() -> None:
    till = Checkout.opened()
    till.keys("9")
    till.key(Key.QUIT)
    assert (till.said, till.desk.stage) == ("finish-first", Stage.SELLING)
    till.key(Key.ENTER)
    till.key(Key.QUIT)
    assert till.desk.stage is Stage.GUARD
    till.key(Key.BACK)
    assert till.done(h.Quit) == []
    till.key(Key.QUIT)
    till.key(Key.ENTER)
    assert till.done(h.Quit) == [h.Quit()]


def test_a_shift_closes_after_x_z_and_a_yes() -> None:
    till = Checkout.opened()
    till.key(Key.SHIFT)
    till.happen(h.ReportShown(("x",), Message("x-shown", params={"shift": "1", "total": "0.00"})))
    assert till.desk.receipt == ("x",)
    till.key(Key.SHIFT)
    assert (till.desk.stage, till.said) == (Stage.GUARD, "close-shift")
    assert till.done(h.CloseShift) == []
    till.key(Key.ENTER)
    assert till.done(h.CloseShift) == [h.CloseShift()]


def test_before_the_first_sign_on_nothing_is_sold() -> None:

    till = Checkout()
    till.happen(h.Opened(NO_CATALOG, ready=False))
    till.keys("9")
    till.key(Key.ENTER)
    assert (till.desk.stage, till.asked) == (Stage.NOT_READY, [])
    till.happen(h.NewCatalog(catalog()))
    till.keys("9")
    till.key(Key.ENTER)
    assert till.desk.stage is Stage.PAID


def test_a_sale_saved_while_the_till_is_stopped_is_paid_and_not_sold_again() -> None:
    till = Checkout.opened()
    till.keys("9")
    till.tap(card())
    till.happen(h.Stopped(Message("disk-full")))
    till.happen(h.Saved(("r",), 1, Message("paid-card"), 0))
    assert till.desk.stage is Stage.PAID
    till.happen(h.Recovered())
    till.key(Key.ENTER)
    assert till.done(h.PayCash) == []


@pytest.mark.parametrize("asked", [False, True])
def test_a_basket_that_is_paid_for_is_not_sold_again_after_a_stop(asked: bool) -> None:
    """A random walk found it: paid, the disk full, room again, and one more Enter."""
    till = Checkout.opened()
    till.keys("9")
    till.key(Key.ENTER)
    if asked:
        till.key(Key.QUIT)
    till.happen(h.Stopped(Message("disk-full")))
    till.happen(h.Recovered())
    assert (till.desk.stage, till.desk.basket.items) == (Stage.SELLING, ())
    till.key(Key.ENTER)
    assert (len(till.done(h.PayCash)), till.receipts) == (1, 1)
