"""A closed sale of the shift taken back: which one, why, and the PIN of a second person."""

import logging
from pathlib import Path

import pytest

from backoffice.pins import boxed
from backoffice.reports.check import check
from broker.messages import RefundReason
from broker.sale import SaleKind
from scale_app.events import Key, KeyPressed
from scale_app.view import Stage
from tests.backoffice.world import MASTER
from tests.scale_app.terminal.stall import MARKET, Stall, sales
from tests.scale_app.terminal.test_offline import command
from tests.scale_app.terminal.test_undo import refunds

PIN = "270493"
WITH_SECOND = MARKET.replace(
    "[[product]]\nplu = 9", '[[cashier]]\nnumber = 1\nname = "Chen Jing"\n[[product]]\nplu = 9'
)


@pytest.fixture
def stall(tmp_path: Path) -> Stall:
    found = Stall(tmp_path)
    command(found, "apply", text=WITH_SECOND)
    command(found, "cashier.pin", number=1, box=boxed(PIN, 1, MASTER).hex())
    return found


def press(stall: Stall, key: Key, text: str = "") -> None:
    stall.wait(0.2)
    stall.queue.append(KeyPressed(key, text))
    stall.pump()


def pin(stall: Stall, digits: str = PIN) -> None:
    for digit in digits:
        press(stall, Key.DIGIT, digit)
    press(stall, Key.ENTER)


def void(stall: Stall, which: str = "1", why: str = "1", digits: str = PIN) -> None:
    press(stall, Key.UNDO)
    stall.keys(which + why)
    pin(stall, digits)


def three_sales(stall: Stall) -> None:
    """5.00, 1.00 and 10.00 in cash, all of them too old for the simple undo."""
    stall.keys("8=9=88=")
    stall.wait(40)


def test_an_older_sale_is_chosen_and_given_back_with_reason_and_second_person(stall: Stall) -> None:
    three_sales(stall)
    press(stall, Key.UNDO)
    assert (stall.view.stage, stall.said) == (Stage.GUARD, "void-which")
    assert [row.split()[:1] + row.split()[3:] for row in stall.view.receipt] == [
        ["1", "10.00", "-"], ["2", "1.00", "-"], ["3", "5.00", "-"],
    ]  # fmt: skip
    stall.keys("3")
    assert (stall.said, stall.view.message and stall.view.message.params["total"]) == (
        "undo-sale", "5.00",
    )  # fmt: skip
    stall.keys("2")
    assert stall.said == "second-person"
    pin(stall)
    assert (stall.view.stage, stall.said) == (Stage.PAID, "sale-undone")
    [refund] = refunds(stall)
    assert (refund.reason, refund.approved_by) == (RefundReason.WRONG_WEIGHT, 1)
    assert refund.sale is not None
    assert refund.sale.total == -500
    stall.settle()
    assert (stall.office.balance("drawer/S03-12"), sales(stall)) == (-1100, 4)
    assert stall.office.alerts() == []
    stall.keys("<ss=")
    stall.settle()
    assert list(check(stall.office.desk.store, 20000101, 20991231).differences) == []


def test_a_card_sale_of_the_shift_goes_back_onto_its_card_without_the_network(stall: Stall) -> None:
    card = stall.issue(100)
    stall.keys("88")
    stall.tap(card)
    stall.wait(40)
    stall.cut()
    void(stall)
    assert stall.said == "sale-undone"
    stall.settle()
    assert stall.balance(card) == "100.00"
    assert stall.office.alerts() == []


def test_no_sale_is_given_back_twice_nor_a_refund(stall: Stall) -> None:
    three_sales(stall)
    void(stall, "2")
    stall.wait(40)
    press(stall, Key.UNDO)
    totals = [row.split()[3] for row in stall.view.receipt]
    assert totals == ["10.00", "5.00"]
    assert [one.sale.kind for one in refunds(stall) if one.sale] == [SaleKind.REFUND]


def test_the_newest_sale_can_be_left_out_and_older_pages_are_shown(stall: Stall) -> None:
    stall.keys("9=" * 12)
    press(stall, Key.UNDO)
    assert stall.said == "undo-sale", "the last one, within half a minute, is asked for first"
    press(stall, Key.UNDO)
    assert [row.split()[1] for row in stall.view.receipt] == [f"{n:06d}" for n in range(12, 3, -1)]
    press(stall, Key.UNDO)
    assert [row.split()[1] for row in stall.view.receipt] == ["000003", "000002", "000001"]
    press(stall, Key.UNDO)
    assert stall.view.receipt[0].split()[1] == "000012"
    press(stall, Key.BACK)
    assert (stall.view.stage, stall.view.receipt, refunds(stall)) == (Stage.SELLING, (), [])


def test_the_pin_is_never_shown_kept_or_logged(
    stall: Stall, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    three_sales(stall)
    press(stall, Key.UNDO)
    stall.keys("11")
    for digit in PIN:
        press(stall, Key.DIGIT, digit)
    assert stall.view.entry == "******"
    press(stall, Key.ENTER)
    stall.settle()
    stall.kill()
    for file in stall.folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert PIN.encode() not in content
            assert int(PIN).to_bytes(4, "big") not in content
    assert PIN not in caplog.text


def test_the_cashier_is_not_his_own_second_person(stall: Stall) -> None:
    command(stall, "cashier.pin", number=7, box=boxed("8051", 7, MASTER).hex())
    three_sales(stall)
    void(stall, digits="8051")
    assert (stall.view.stage, stall.said) == (Stage.GUARD, "pin-wrong")
    assert refunds(stall) == []
    pin(stall)
    assert stall.said == "sale-undone"


def test_five_wrong_pins_lock_the_till_and_switching_it_off_does_not_help(stall: Stall) -> None:
    three_sales(stall)
    void(stall, digits="1357")
    for left in "321":
        pin(stall, "1357")
        assert stall.view.message is not None
        assert (stall.said, stall.view.message.params) == ("pin-wrong", {"left": left})
    pin(stall, "1357")
    assert stall.said == "pin-locked"
    stall.kill()
    stall.start()
    void(stall)
    assert (stall.said, refunds(stall)) == ("pin-locked", []), "the right one is not looked at"
    stall.wait(301)
    pin(stall)
    assert stall.said == "sale-undone"
    stall.wait(40)
    void(stall, digits="1357")
    assert stall.said == "pin-wrong", "a right one has set the count back"


def test_where_nobody_has_a_pin_the_till_says_so_at_once(stall: Stall) -> None:
    command(stall, "cashier.pin", number=1, box="")
    three_sales(stall)
    press(stall, Key.UNDO)
    assert stall.said == "no-second-person"


def test_a_new_enrolment_gets_verifiers_of_its_own(stall: Stall) -> None:
    three_sales(stall)
    held = stall.core._books
    assert held is not None
    assert held.office.stand_ins.version > 0
    held.office.stand_ins._key_number = 2
    assert held.office.stand_ins.version == 0, "so that the next sign-on brings the new ones"


def test_a_letter_or_another_digit_leaves_the_question_open(stall: Stall) -> None:
    three_sales(stall)
    press(stall, Key.UNDO)
    stall.keys("7x")
    assert (stall.view.stage, stall.said) == (Stage.GUARD, "void-which")
    stall.keys("1")
    stall.keys("7")
    assert (stall.view.stage, refunds(stall)) == (Stage.SELLING, []), "no reason of that number"
