"""Restarts, backups put back, full disks: what the till and the office make of them."""

import sqlite3
from pathlib import Path

import pytest

from backoffice.reports.check import check
from scale_app.errors import JournalBroken, JournalFull
from scale_app.journal.database import Reserve
from scale_app.view import Stage
from tests.scale_app.terminal.stall import Stall, drop, sales


@pytest.fixture
def stall(tmp_path: Path) -> Stall:
    return Stall(tmp_path)


def test_a_restart_between_intent_and_answer_takes_the_money_back(stall: Stall) -> None:
    card = stall.issue(100)
    stall.keys("8")
    stall.wire.down = drop
    stall.tap(card)
    assert stall.balance(card) == "95.00"
    stall.kill()
    stall.wire.down = lambda _topic, frame: frame
    stall.start()
    assert stall.said == "last-sale-undone"
    assert [line.amount for line in stall.view.lines] == ["5.00"]
    stall.settle()
    assert (stall.balance(card), sales(stall)) == ("100.00", 0)


def test_a_restart_after_paid_shows_the_sale(stall: Stall) -> None:
    card = stall.issue(100)
    stall.keys("8")
    stall.tap(card)
    stall.kill()
    stall.start()
    assert stall.said == "last-sale-paid"
    assert any("COPY" in row for row in stall.view.receipt)
    assert stall.view.lines == ()
    stall.settle()
    assert (stall.balance(card), sales(stall)) == ("95.00", 1)


def test_an_open_basket_is_there_after_a_restart(stall: Stall) -> None:
    stall.keys("998")
    stall.kill()
    stall.start()
    assert (stall.said, stall.view.total) == ("basket-restored", "7.00")
    stall.keys("=")
    assert stall.view.stage is Stage.PAID


def test_a_day_of_sales_made_offline_is_uploaded_in_order(stall: Stall) -> None:
    stall.cut()
    for _ in range(130):
        stall.keys("9=")
    assert stall.view.links.unsent == 130
    stall.connect()
    stall.settle()
    assert sales(stall) == 130
    assert stall.office.balance("drawer/S03-12") == -13_000


def test_upload_survives_a_wire_that_loses_every_second_frame(stall: Stall) -> None:
    count = iter(range(10**6))
    stall.cut()
    for _ in range(60):
        stall.keys("9=")
    lossy = lambda _topic, frame: frame if next(count) % 2 else None  # noqa: E731
    stall.wire.up = stall.wire.down = lossy
    stall.connect()
    stall.wait(60)
    stall.settle()
    assert sales(stall) == 60


def test_an_office_restored_from_a_backup_gets_everything_again(
    stall: Stall, tmp_path: Path
) -> None:
    stall.keys("9=")
    stall.settle()
    backup = tmp_path / "backup.db"
    source, target = sqlite3.connect(stall.office.path), sqlite3.connect(backup)
    source.backup(target)
    source.close()
    target.close()
    for _ in range(3):
        stall.keys("9=")
    stall.settle()
    assert sales(stall) == 4
    stall.cut()
    restore(stall, backup)
    assert sales(stall) == 1
    stall.connect()
    stall.settle()
    assert sales(stall) == 4


def restore(stall: Stall, backup: Path) -> None:
    """The office's books are those of the backup."""
    source, target = sqlite3.connect(backup), sqlite3.connect(stall.office.path)
    source.backup(target)
    source.close()
    target.close()
    stall.office.desk.forget()


def test_a_till_restored_from_a_backup_gets_a_new_epoch_and_loses_no_sale(stall: Stall) -> None:
    journal = stall.folder / "till" / "journal.db"
    stall.keys("9=")
    stall.settle()
    stall.kill()
    copy = journal.read_bytes()
    stall.start()
    stall.keys("8=")
    stall.settle()
    stall.kill()
    for name in ("journal.db-wal", "journal.db-shm"):
        (journal.parent / name).unlink(missing_ok=True)
    journal.write_bytes(copy)
    stall.wire.up = drop
    stall.start()
    stall.cut()
    stall.keys("98=")
    stall.settle()
    assert stall.journal.standing().epoch == 2
    assert sales(stall) == 3
    assert stall.office.balance("drawer/S03-12") == -(100 + 500 + 600)


def test_a_full_disk_stops_selling_and_goes_on_by_itself(
    stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    stall.keys("9")
    # Stands for the disk: no room can be held.
    monkeypatch.setattr(Reserve, "hold", lambda _self: False)
    stall.keys("=")
    assert (stall.view.stage, stall.said) == (Stage.STOPPED, "disk-full")
    assert stall.journal.last_sales(9) == []
    monkeypatch.undo()
    stall.wait(1.2)
    assert (stall.view.stage, stall.view.total) == (Stage.SELLING, "1.00")
    stall.keys("=")
    assert stall.view.stage is Stage.PAID


def test_an_approval_that_finds_no_room_is_never_shown_as_paid(
    stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = stall.issue(100)
    stall.keys("8")

    def full(*_: object) -> None:
        raise JournalFull("no room")

    monkeypatch.setattr(type(stall.journal), "save_paid", full)
    stall.tap(card)
    assert (stall.view.stage, stall.said) == (Stage.SELLING, "not-charged")
    assert stall.journal.last_sales(9) == []
    monkeypatch.undo()
    stall.settle()
    assert (stall.balance(card), sales(stall)) == ("100.00", 0)


def test_a_broken_journal_stops_selling_until_a_restart(
    stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise JournalBroken("disk I/O error")

    stall.keys("9")
    monkeypatch.setattr(type(stall.journal), "save_cash", broken)
    stall.keys("=")
    monkeypatch.undo()
    stall.wait(5)
    assert (stall.view.stage, stall.said) == (Stage.STOPPED, "journal-broken")
    stall.kill()
    stall.start()
    stall.keys("=")
    assert (stall.view.stage, stall.view.total) == (Stage.PAID, "1.00")


def test_a_printer_that_fails_stops_no_sale_and_the_receipt_is_there_as_a_copy(
    stall: Stall, caplog: pytest.LogCaptureFixture
) -> None:
    stall.keys("9=")
    receipts = stall.folder / "till" / "receipts"
    assert len(list(receipts.rglob("*.txt"))) == 1, "a printer that works prints"
    receipts.rename(receipts.with_name("printed"))
    receipts.write_text("no folder: nothing can be put into it", encoding="utf-8")
    stall.keys("8=")
    assert (stall.view.stage, stall.view.total) == (Stage.PAID, "5.00")
    assert "receipt 2 was not printed" in caplog.text
    receipts.unlink()
    stall.kill()
    stall.start()
    assert stall.said == "last-sale-paid"
    assert any("COPY" in row for row in stall.view.receipt)
    stall.settle()
    assert sales(stall) == 2


def with_an_old_copy(stall: Stall, *, sold_since: int) -> None:
    """Two sales, a copy of the journal, three more; the copy is put back and sells unheard."""
    stall.keys("9=9=")
    stall.settle()
    stall.kill()
    journal = stall.folder / "till" / "journal.db"
    kept = journal.read_bytes()
    stall.start()
    stall.keys("8=8=8=")
    stall.settle()
    stall.kill()
    journal.write_bytes(kept)
    stall.wire.up = drop
    stall.start()
    stall.keys("9=" * sold_since)


@pytest.mark.parametrize("sold_since", [1, 3, 5])
def test_an_old_copy_of_the_journal_that_sold_since_loses_none_of_its_sales(
    tmp_path: Path, sold_since: int
) -> None:
    """With more sales than were lost, their numbers say nothing: the hashes tell the copy."""
    stall = Stall(tmp_path)
    with_an_old_copy(stall, sold_since=sold_since)
    stall.settle()
    assert sales(stall) == 5 + sold_since
    assert stall.journal.standing().epoch == 2
    assert "journal-fork" in stall.office.alerts()


def test_a_receipt_for_other_entries_under_our_numbers_is_not_believed(tmp_path: Path) -> None:
    stall = Stall(tmp_path)
    receipts: list[tuple[str, bytes]] = []

    def kept(topic: str, frame: bytes) -> bytes:
        if topic.endswith("/k"):
            receipts.append((topic, frame))
        return frame

    stall.wire.down = kept
    with_an_old_copy(stall, sold_since=5)
    for topic, frame in receipts:
        stall.wire.deliver(topic, frame)
    stall.pump()
    stall.settle()
    assert sales(stall) == 10


def test_a_shift_that_goes_on_in_a_new_epoch_agrees_with_the_office(tmp_path: Path) -> None:
    stall = Stall(tmp_path)
    stall.keys("9=8=")
    stall.settle()
    terminal = stall.office.desk.store.directory.terminal("S03-12")
    assert terminal is not None
    with stall.office.desk.store.transaction():
        stall.office.desk.store.directory.raise_epoch(terminal, 2)
    stall.cut()
    stall.connect()
    assert stall.journal.standing().epoch == 3
    stall.keys("9=ss=")
    stall.settle()
    assert stall.said == "shift-agrees"
    assert "z-differs" not in stall.office.alerts()


def test_a_late_record_of_a_lost_disk_costs_the_copy_no_sale(tmp_path: Path) -> None:
    """It takes the number of one of the copy's records; the ones after that must not hide it."""
    stall = Stall(tmp_path)
    stall.keys("9=")
    stall.settle()
    stall.kill()
    journal = stall.folder / "till" / "journal.db"
    kept = journal.read_bytes()
    stall.start()
    late: list[tuple[str, bytes]] = []

    def held(topic: str, frame: bytes) -> bytes | None:
        if not topic.endswith("/s"):
            return frame
        late.append((topic, frame))
        return None

    stall.wire.up = held
    stall.keys("8=")
    stall.wait(3)
    stall.kill()
    journal.write_bytes(kept)
    stall.start()
    stall.wire.up = lambda _topic, frame: frame
    stall.office.receive(*late[-1])
    lost: list[bytes] = []

    def loses_the_first(topic: str, frame: bytes) -> bytes | None:
        if topic.endswith("/s") and not lost:
            lost.append(frame)
            return None
        return frame

    stall.wire.up = loses_the_first
    stall.keys("9=")
    stall.wait(3)
    stall.keys("9=")
    stall.settle()
    assert (sales(stall), stall.journal.standing().epoch) == (4, 2)
    assert check(stall.office.desk.store, 0, 99_999_999).counted["sales"] == 4
