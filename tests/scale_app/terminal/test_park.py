"""Baskets put aside: eight slots, through a power cut, each sold once."""

from pathlib import Path

import pytest

from backoffice.reports.check import check
from scale_app.events import Key, KeyPressed
from scale_app.view import Stage
from tests.scale_app.terminal.stall import MARKET, Stall, sales


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


DEARER = MARKET.replace('"1.00", "0.90", "0.80"', '"2.00", "1.80", "1.60"')


def new_list(stall: Stall, text: str = DEARER) -> int:
    """The office's next list comes to the till; its version."""
    version = stall.office.command("apply", text=text)["list_version"]
    assert isinstance(version, int)
    stall.cut()
    stall.connect()
    return version


def last_sale(stall: Stall) -> tuple[int, list[int]]:
    """List version and unit prices of the newest sale."""
    [kept] = stall.journal.last_sales(1)
    return kept.sale.list_version, [line.unit_price for line in kept.sale.lines]


@pytest.mark.parametrize("with_power_cut", [False, True])
def test_a_parked_basket_is_sold_by_the_list_that_it_began_with(
    stall: Stall, *, with_power_cut: bool
) -> None:
    stall.keys("99")
    park(stall, "1")
    old = stall.core._desk.catalog.version
    new = new_list(stall)
    stall.keys("9=")
    assert last_sale(stall) == (new, [200])
    if with_power_cut:
        stall.kill()
        stall.start()
        stall.keys("<")
    park(stall, "1")
    assert stall.view.total == "2.00"
    stall.keys("9=")
    assert last_sale(stall) == (old, [100, 100, 100])
    stall.keys("9=")
    assert last_sale(stall) == (new, [200])
    stall.settle()
    assert sales(stall) == 3
    assert check(stall.office.desk.store, 0, 99_999_999).differences == ()
    assert stall.office.alerts() == []


def test_a_members_prices_in_a_fetched_basket_are_those_of_its_list(stall: Stall) -> None:
    card = stall.issue(100)
    stall.keys("9")
    park(stall, "1")
    old = stall.core._desk.catalog.version
    new_list(stall)
    new_list(stall, DEARER.replace("1.80", "1.70"))
    park(stall, "1")
    stall.tap(card)
    assert last_sale(stall) == (old, [90])
    stall.settle()
    assert sales(stall) == 1


def test_a_fetched_basket_that_is_parked_again_keeps_its_list(stall: Stall) -> None:
    stall.keys("9")
    park(stall, "1")
    old = stall.core._desk.catalog.version
    new = new_list(stall)
    park(stall, "1")
    park(stall, "2")
    stall.keys("9=")
    assert last_sale(stall) == (new, [200])
    newest = new_list(stall, DEARER.replace("2.00", "3.00"))
    stall.kill()
    stall.start()
    stall.keys("<")
    park(stall, "2")
    stall.keys("=")
    assert last_sale(stall) == (old, [100])
    stall.keys("9=")
    assert last_sale(stall) == (newest, [300])


def test_an_open_basket_names_its_own_list_after_a_power_cut_too(stall: Stall) -> None:
    stall.keys("9")
    old = stall.core._desk.catalog.version
    new = new_list(stall)
    stall.kill()
    stall.start()
    assert stall.view.total == "1.00"
    stall.keys("9=")
    assert last_sale(stall) == (old, [100, 100])
    stall.keys("9=")
    assert last_sale(stall) == (new, [200])


def test_lists_that_no_basket_names_are_not_kept(stall: Stall) -> None:
    stall.keys("9")
    park(stall, "1")
    for price in ("2.00", "3.00", "4.00"):
        new_list(stall, DEARER.replace("2.00", price))
    kept = stall.journal._db.execute("SELECT version FROM older_list").fetchall()
    assert kept == [(1,), (2,), (3,)], "the basket's, and the two before the one in force"
    park(stall, "1")
    stall.keys("=")
    new_list(stall, DEARER.replace("2.00", "5.00"))
    assert stall.journal._db.execute("SELECT version FROM older_list").fetchall() == [(3,), (4,)]
