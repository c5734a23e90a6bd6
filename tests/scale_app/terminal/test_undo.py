"""The last sale taken back: within half a minute, once, to what had paid it."""

from pathlib import Path

import pytest

from backoffice.reports.check import check
from broker.codec import decode
from broker.messages import Entry, Paid, RefundReason
from broker.sale import SaleKind
from scale_app.events import Key, KeyPressed
from scale_app.view import Stage
from tests.scale_app.terminal.stall import Stall, sales


@pytest.fixture
def stall(tmp_path: Path) -> Stall:
    return Stall(tmp_path)


def undo(stall: Stall, reason: str = "4") -> None:
    """The key, then the digit of a reason."""
    stall.queue.append(KeyPressed(Key.UNDO))
    stall.pump()
    if reason:
        stall.keys(reason)


def refunds(stall: Stall) -> list[Paid]:
    """PAID entries of refunds in the journal."""
    found = [decode(body) for _, body in stall.journal.unsent(0, 1000)]
    paid = [
        one.content for one in found if isinstance(one, Entry) and isinstance(one.content, Paid)
    ]
    return [one for one in paid if one.sale is not None and one.sale.kind == SaleKind.REFUND]


def test_a_cash_sale_is_given_back_with_its_reason(stall: Stall) -> None:
    stall.keys("98=")
    undo(stall, "2")
    assert (stall.view.stage, stall.said) == (Stage.PAID, "sale-undone")
    assert any("REFUND" in row for row in stall.view.receipt)
    [refund] = refunds(stall)
    assert refund.reason == RefundReason.WRONG_WEIGHT
    stall.settle()
    assert (stall.office.balance("drawer/S03-12"), sales(stall)) == (0, 2)
    assert stall.office.balance("sales/S03") == 0
    assert stall.office.alerts() == []


def test_a_card_sale_goes_back_onto_the_card_also_without_the_network(stall: Stall) -> None:
    card = stall.issue(100)
    stall.keys("88")
    stall.tap(card)
    assert stall.balance(card) == "90.00"
    stall.cut()
    undo(stall)
    assert stall.said == "sale-undone"
    stall.settle()
    assert stall.balance(card) == "100.00"
    assert stall.office.alerts() == []


def test_the_shift_and_the_books_agree_afterwards(stall: Stall) -> None:
    stall.keys("9=")
    stall.keys("88=")
    undo(stall)
    stall.keys("<ss=")
    stall.settle()
    found = check(stall.office.desk.store, 20000101, 20991231)
    assert list(found.differences) == []


def test_nothing_is_taken_back_twice(stall: Stall) -> None:
    stall.keys("8=")
    undo(stall)
    undo(stall, "")
    assert stall.said == "nothing-to-undo"
    assert len(refunds(stall)) == 1


def test_without_a_reason_nothing_is_taken_back(stall: Stall) -> None:
    stall.keys("8=")
    undo(stall, "")
    assert (stall.view.stage, stall.said) == (Stage.GUARD, "undo-sale")
    stall.keys("=")
    assert stall.view.stage is Stage.GUARD
    stall.keys("<")
    assert (stall.view.stage, refunds(stall)) == (Stage.SELLING, [])
    undo(stall, "8")
    assert refunds(stall) == [], "another key says no and is itself"
    assert stall.view.total == "5.00"


def test_after_half_a_minute_it_is_too_late(stall: Stall) -> None:
    stall.keys("8=")
    stall.wait(31)
    undo(stall, "")
    assert stall.said == "no-second-person", "older ones: see test_void"


def test_in_the_middle_of_a_sale_the_basket_is_finished_first(stall: Stall) -> None:
    stall.keys("8=9")
    undo(stall, "")
    assert stall.said == "finish-first"
