"""Baskets put aside: eight slots, through a power cut, each sold once."""

from pathlib import Path

import pytest

from scale_app.events import Key, KeyPressed
from scale_app.view import Stage
from tests.scale_app.terminal.stall import Stall, sales


@pytest.fixture
def stall(tmp_path: Path) -> Stall:
    return Stall(tmp_path)


def park(stall: Stall, slot: str) -> None:
    """The key, then the digit."""
    stall.queue.append(KeyPressed(Key.PARK))
    stall.pump()
    stall.keys(slot)


def test_a_basket_is_parked_and_fetched_and_sold_once(stall: Stall) -> None:
    stall.keys("98")
    park(stall, "3")
    assert (stall.said, stall.view.total, stall.view.parked) == ("parked", "0.00", ("3 6.00",))
    stall.keys("9=")
    park(stall, "3")
    assert (stall.said, stall.view.total, stall.view.parked) == ("fetched", "6.00", ())
    stall.keys("=")
    stall.settle()
    assert (sales(stall), stall.office.balance("drawer/S03-12")) == (2, -700)


def test_a_power_cut_loses_no_basket_and_doubles_none(stall: Stall) -> None:
    stall.keys("98")
    park(stall, "1")
    stall.keys("8")
    park(stall, "8")
    stall.keys("99")
    stall.kill()
    stall.start()
    assert (stall.view.total, stall.view.parked) == ("2.00", ("1 6.00", "8 5.00"))
    stall.keys("=")
    park(stall, "1")
    stall.kill()
    stall.start()
    assert (stall.view.total, stall.view.parked) == ("6.00", ("8 5.00",))


def test_a_taken_slot_keeps_what_it_has_and_an_empty_one_gives_nothing(stall: Stall) -> None:
    stall.keys("9")
    park(stall, "2")
    stall.keys("8")
    park(stall, "2")
    assert (stall.said, stall.view.total, stall.view.parked) == ("park-taken", "5.00", ("2 1.00",))
    stall.keys("=")
    park(stall, "7")
    assert (stall.said, stall.view.parked) == ("park-empty", ("2 1.00",))


def test_eight_baskets_and_a_member_among_them(stall: Stall) -> None:
    card = stall.issue(kind=1)
    for slot in "12345678":
        stall.keys("9")
        if slot == "5":
            stall.tap(card)
        park(stall, slot)
    assert len(stall.view.parked) == 8
    park(stall, "5")
    assert stall.view.total == "0.90", "the member's price stays with the basket"
    stall.keys("=")
    stall.settle()
    assert sales(stall) == 1


def test_a_typed_number_names_the_slot(stall: Stall) -> None:
    stall.keys("9")
    stall.queue += [KeyPressed(Key.ENTRY), KeyPressed(Key.DIGIT, "4"), KeyPressed(Key.PARK)]
    stall.pump()
    assert stall.view.parked == ("4 1.00",)


def test_the_question_is_left_by_back_and_nothing_is_parked(stall: Stall) -> None:
    stall.keys("9")
    stall.queue.append(KeyPressed(Key.PARK))
    stall.pump()
    assert stall.view.stage is Stage.GUARD
    stall.keys("<")
    assert (stall.view.stage, stall.view.total, stall.view.parked) == (Stage.SELLING, "1.00", ())
