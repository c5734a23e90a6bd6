"""Thirty-five days stay on the scale, and no more; what the office loses of them it gets again."""

import sqlite3
from pathlib import Path

import pytest

from backoffice.alerts import Alert
from backoffice.reports.audit import audit
from backoffice.store import open_read_only
from scale_app.terminal.reports import close_shift
from tests.scale_app.terminal.stall import Stall, sales
from tests.scale_app.terminal.test_recovery import restore

DAY_S = 86_400


@pytest.fixture
def stall(tmp_path: Path) -> Stall:
    return Stall(tmp_path)


def day(stall: Stall, count: int = 2) -> None:
    """Some sales, a Z that agrees, and a night."""
    for _ in range(count):
        stall.keys("9=")
    books = stall.core._books
    assert books is not None
    close_shift(books, stall.core._desk)
    books.office.grew(stall.mono)
    stall.settle()
    stall.wait(30)
    assert stall.said == "shift-agrees"


def later(stall: Stall, days: int) -> None:
    """The till stands dark, and is switched on again."""
    stall.kill()
    stall.mono += days * DAY_S
    stall.office.now += days * DAY_S * 1000
    stall.start()
    stall.settle()


def kept(stall: Stall) -> int:
    return stall.journal.verify()


def copy(stall: Stall, to: Path) -> Path:
    source, target = sqlite3.connect(stall.office.path), sqlite3.connect(to)
    source.backup(target)
    source.close()
    target.close()
    return to


def test_after_thirty_five_days_a_shift_has_gone_and_not_before(stall: Stall) -> None:
    day(stall)
    day(stall)
    later(stall, 34)
    assert kept(stall) == 6
    later(stall, 2)
    assert kept(stall) == 0
    assert [one.receipt for one in stall.journal.last_sales(10)] == []
    day(stall)
    assert (kept(stall), sales(stall)) == (3, 6)
    assert stall.journal.last_sales(1)[0].receipt == 6
    assert stall.office.alerts() == []
    assert audit(open_read_only(stall.office.path), [], bytes(32)).findings == ()


def test_a_till_that_runs_on_clears_by_the_hour_and_never_with_a_basket_open(stall: Stall) -> None:
    day(stall)
    stall.wait(1)
    stall.keys("9")
    stall.mono += 36 * DAY_S
    stall.office.now += 36 * DAY_S * 1000
    stall.wait(5)
    assert kept(stall) == 3
    stall.keys("=")
    stall.wait(5)
    assert kept(stall) == 1


def test_a_clock_that_was_set_wrong_lets_nothing_go(stall: Stall) -> None:
    day(stall)
    stall.kill()
    stall.skew_ms = 400 * DAY_S * 1000
    stall.start()
    stall.settle()
    stall.wait(10)
    assert kept(stall) == 3


def test_without_the_office_nothing_goes(stall: Stall) -> None:
    day(stall)
    stall.cut()
    stall.mono += 40 * DAY_S
    stall.office.now += 40 * DAY_S * 1000
    stall.wait(10)
    assert kept(stall) == 3


def test_days_to_keep_are_a_setting(tmp_path: Path) -> None:
    stall = Stall(tmp_path)
    stall.kill()
    till = stall.settings.till
    stall.settings = type(stall.settings)(
        **{name: getattr(stall.settings, name) for name in stall.settings.__struct_fields__}
        | {"till": type(till)(enrolment="", cashier=7, tap="pay", keep_days=60)}
    )
    stall.start()
    day(stall)
    later(stall, 59)
    assert kept(stall) == 3
    later(stall, 2)
    assert kept(stall) == 0


def test_an_office_put_back_within_the_days_that_are_kept_gets_everything(
    stall: Stall, tmp_path: Path
) -> None:
    day(stall)
    later(stall, 20)
    backup = copy(stall, tmp_path / "backup.db")
    for _ in range(3):
        day(stall)
        later(stall, 4)
    later(stall, 8)
    assert kept(stall) == 9, "the first day has gone"
    stall.cut()
    restore(stall, backup)
    stall.settle()
    stall.wait(60)
    assert sales(stall) == 8
    assert stall.office.alerts() == []
    assert audit(open_read_only(stall.office.path), [], bytes(32)).findings == ()


def test_an_office_put_back_further_is_told_what_is_gone_and_gets_all_the_rest(
    stall: Stall, tmp_path: Path
) -> None:
    day(stall)
    backup = copy(stall, tmp_path / "backup.db")
    day(stall)
    day(stall, 3)
    later(stall, 36)
    day(stall)
    assert kept(stall) == 3
    stall.cut()
    restore(stall, backup)
    assert sales(stall) == 2
    stall.connect()
    assert stall.said == "office-lost"
    stall.settle()
    stall.wait(60)
    assert sales(stall) == 4
    assert stall.journal.standing().epoch == 1
    assert stall.office.alerts() == [Alert.ENTRIES_LOST]
    [row] = stall.office.desk.store.notes.alerts(1)
    assert row[6].startswith("7 of the entries 4..10 of epoch 1 are not here")
    day(stall)
    assert sales(stall) == 6
    stall.cut()
    stall.connect()
    stall.settle()
    assert stall.office.alerts() == [Alert.ENTRIES_LOST], "once"
    findings = audit(open_read_only(stall.office.path), [], bytes(32)).findings
    assert {one.table for one in findings} == {"entry"}
    assert "was signed and is gone" in {one.difference for one in findings}


def test_undo_void_and_copies_know_what_is_kept(stall: Stall) -> None:
    card = stall.issue()
    stall.keys("9")
    stall.tap(card)
    day(stall, 0)
    later(stall, 36)
    assert kept(stall) == 0
    assert stall.said != "last-sale-paid"
    assert stall.journal.sales_of_shift(1) == []
    stall.keys("9=")
    stall.settle()
    assert [one.receipt for one in stall.journal.last_sales(5)] == [2]
