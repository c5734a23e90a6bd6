"""Cash rounding, rounding off and scanned codes from the till's queue to the office's books."""

from pathlib import Path

import pytest

from backoffice.reports.check import check
from scale_app.events import BarcodeScanned, Key, KeyPressed
from scale_app.view import Stage
from tests.scale_app.terminal import stall as world
from tests.scale_app.terminal.stall import Stall, sales

RULED = (
    world.MARKET.replace(
        "issuer = 6200\n",
        'issuer = 6200\ncash_rounding = "NZ"\ngoodwill = "1.00"\nlabels = ["HOUSE"]\n',
    )
    + """
[[product]]
plu = 7
name_zh = "酸奶"
name_en = "Yoghurt"
base = "pc"
prices = ["3.33"]
key = "7"
barcode = "7032069804988"
rule = [{ pieces = 3, amount = "9.00" }, { percent = 50, last_day = 2026-11-23 }]
"""
)


@pytest.fixture
def stall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stall:
    monkeypatch.setattr(world, "MARKET", RULED)
    return Stall(tmp_path)


def press(stall: Stall, key: Key) -> None:
    stall.wait(0.2)
    stall.queue.append(KeyPressed(key))
    stall.pump()


def agrees(stall: Stall) -> bool:
    return check(stall.office.desk.store, 0, 99_999_999).differences == ()


def test_cash_is_rounded_on_screen_receipt_and_in_the_books(stall: Stall) -> None:
    stall.keys("7")
    assert (stall.view.total, stall.view.cash_total) == ("3.33", "3.30")
    stall.keys("=")
    assert (stall.view.stage, stall.said) == (Stage.PAID, "paid-cash")
    receipt = "\n".join(stall.view.receipt)
    assert "Rounding                   -0.03" in receipt
    assert "TOTAL CNY                   3.30" in receipt
    stall.settle()
    assert stall.office.balance("drawer/S03-12") == -330
    assert stall.office.balance("rounding") == -3
    assert agrees(stall)


def test_a_card_pays_the_exact_total(stall: Stall) -> None:
    card = stall.issue(100)
    stall.keys("7")
    stall.tap(card)
    assert (stall.said, stall.balance(card)) == ("paid-card", "96.67")
    stall.settle()
    assert stall.office.balance("rounding") == 0


def test_a_rounded_off_total_is_what_a_card_pays_and_a_shift_reports(stall: Stall) -> None:
    card = stall.issue(100)
    stall.keys("7")
    press(stall, Key.ROUND_OFF)
    assert (stall.said, stall.view.total) == ("rounded-off", "3.00")
    stall.tap(card)
    # The tap makes the customer a member: priced anew, and still without the last coins.
    assert (stall.said, stall.balance(card)) == ("paid-card", "97.00")
    stall.keys("ss=")
    assert "Rounded off                -0.33" in "\n".join(stall.view.receipt)
    stall.settle()
    assert stall.office.balance("rounding") == -33
    assert agrees(stall)


def test_a_scanned_code_is_sold_and_three_cost_what_three_cost(stall: Stall) -> None:
    stall.queue.append(BarcodeScanned("7032069804988"))
    stall.pump()
    stall.queue.append(KeyPressed(Key.ENTRY))
    stall.queue.append(KeyPressed(Key.DIGIT, "3"))
    stall.queue.append(KeyPressed(Key.TIMES))
    stall.keys("7")
    assert [line.amount for line in stall.view.lines] == ["3.33", "9.00"]
    stall.keys("=")
    stall.settle()
    assert (sales(stall), agrees(stall)) == (1, True)


def test_a_rounded_basket_restored_after_a_kill_is_whole_again(stall: Stall) -> None:
    stall.keys("7")
    press(stall, Key.ROUND_OFF)
    stall.kill()
    stall.start()
    assert (stall.said, stall.view.total) == ("basket-restored", "3.33")
