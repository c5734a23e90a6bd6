"""A till whose clock is wrong, or jumps while it runs, sells on the right day."""

from pathlib import Path

import pytest

from backoffice.reports.check import check
from scale_app.terminal.clock import Clock, since_boot
from scale_app.view import Stage
from tests.backoffice.world import DAY
from tests.scale_app.terminal.stall import PretendCard, Stall, sales

DAY_MS = 24 * 3600 * 1000
YEARS_MS = 30 * 365 * DAY_MS


def bought(stall: Stall, card: PretendCard) -> None:
    """One sale by card and one for cash; both on the office's day."""
    stall.keys("8")
    stall.tap(card)
    assert (stall.view.stage, stall.said) == (Stage.PAID, "paid-card")
    stall.keys("9=")
    assert stall.said == "paid-cash"


def days(stall: Stall) -> set[int]:
    return {one.sale.day for one in stall.journal.last_sales(100)}


@pytest.mark.parametrize("off_ms", [DAY_MS, -DAY_MS, 200_000, -200_000, -YEARS_MS])
def test_a_till_whose_clock_is_off_says_so_and_goes_by_the_offices(
    tmp_path: Path, off_ms: int
) -> None:
    stall = Stall(tmp_path)
    card = stall.issue(100)
    stall.kill()
    stall.skew_ms = off_ms
    stall.start()
    assert stall.said == "clock-wrong"
    stall.keys("<")
    bought(stall, card)
    stall.settle()
    assert days(stall) == {DAY}
    assert (stall.balance(card), sales(stall)) == ("95.00", 2)
    assert check(stall.office.desk.store, 0, 99999999).differences == ()


@pytest.mark.parametrize("jump_ms", [DAY_MS, -DAY_MS, 1_000, -1_000, 3_600_000, -3_600_000])
def test_a_clock_that_jumps_under_a_running_till_changes_nothing(
    tmp_path: Path, jump_ms: int
) -> None:
    stall = Stall(tmp_path)
    card = stall.issue(100)
    for _ in range(3):
        bought(stall, card)
        stall.skew_ms += jump_ms
        stall.wait(2)
    stall.cut()
    stall.keys("9=")
    stall.skew_ms -= 2 * jump_ms
    stall.keys("9=")
    stall.settle()
    assert days(stall) == {DAY}
    assert (stall.balance(card), sales(stall)) == ("85.00", 8)
    ats = [one.at for one in reversed(stall.journal.last_sales(100))]
    assert ats == sorted(ats)
    assert stall.office.alerts() == ["repeated-payment"] * 2


def test_without_the_offices_time_a_clock_that_is_behind_sells_to_no_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(Clock, "agree", lambda *_: None)
    stall = Stall(tmp_path)
    card = stall.issue(100)
    stall.skew_ms = -DAY_MS
    stall.keys("8")
    stall.tap(card)
    assert stall.said == "refused-other"


def test_until_the_office_has_told_it_the_time_is_the_machines_own() -> None:
    moments = iter((10.0, 12.5, 12.5))
    clock = Clock(lambda: next(moments), lambda: 77)
    assert clock.wall_ms() == 77
    clock.agree(1_000_000)
    assert clock.wall_ms() == 1_002_500
    assert Clock(running=since_boot).wall_ms() > 1_700_000_000_000
