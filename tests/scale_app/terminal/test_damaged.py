"""A damaged journal: the till stops, a person begins a new one, selling goes on."""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from backoffice.reports.check import check
from scale_app.journal import database, rescue
from scale_app.view import Stage
from tests.scale_app.terminal.stall import PretendCard, Stall, sales

HEADER = 0


@pytest.fixture
def stall(tmp_path: Path) -> Stall:
    return Stall(tmp_path)


def journal(stall: Stall) -> Path:
    return stall.folder / "till" / "journal.db"


def sold(stall: Stall) -> PretendCard:
    """Two sales that the office has, four that it has not: by card, and three for cash."""
    card = stall.issue(100)
    stall.keys("9=")
    stall.keys("8")
    stall.tap(card)
    stall.settle()
    stall.cut()
    for _ in range(3):
        stall.keys("98=")
    stall.kill()
    return card


def damage(stall: Stall, spoil: Callable[[bytearray, list[bytes]], None]) -> None:
    """Changes bytes of the one file; `spoil` gets it and the bodies of all entries."""
    with contextlib.closing(sqlite3.connect(journal(stall))) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        bodies = [row[0] for row in db.execute("SELECT body FROM entry ORDER BY epoch, seq")]
    raw = bytearray(journal(stall).read_bytes())
    spoil(raw, bodies)
    journal(stall).write_bytes(raw)


def flip(number: int) -> Callable[[bytearray, list[bytes]], None]:
    def spoil(raw: bytearray, bodies: list[bytes]) -> None:
        raw[raw.index(bodies[number]) + len(bodies[number]) // 2] ^= 1

    return spoil


def renewed(stall: Stall) -> dict[str, str]:
    """Started, stopped by the damage, and begun anew by the till's two keys."""
    stall.start()
    assert (stall.view.stage, stall.said) == (Stage.STOPPED, "journal-damaged")
    stall.keys("9")
    assert stall.view.lines == ()
    stall.keys("=")
    assert stall.said == "renew-journal"
    stall.keys("=")
    assert stall.said == "journal-renewed"
    assert stall.view.message is not None
    return dict(stall.view.message.params)


@pytest.mark.parametrize("which", [0, 3, 4, -1], ids=["sent", "first", "middle", "last"])
def test_one_spoiled_entry_loses_no_sale_and_selling_goes_on(stall: Stall, which: int) -> None:
    card = sold(stall)
    before = journal(stall).parent
    damage(stall, flip(which))
    told = renewed(stall)
    assert (told["count"], told["lost"]) == ("3", "0")
    assert [path.name for path in before.glob("*.damaged-*.db")] == [told["file"]]
    assert stall.view.stage is Stage.SELLING
    stall.keys("9=")
    stall.settle()
    assert stall.journal.standing().epoch == 2
    assert [one.receipt for one in stall.journal.last_sales(9)] == [6, 5, 4, 3, 2, 1]
    assert (stall.balance(card), sales(stall)) == ("95.00", 6)
    assert stall.office.balance("drawer/S03-12") == -(100 + 3 * 600 + 100)
    assert check(stall.office.desk.store, 0, 99999999).differences == ()
    assert "journal-fork" in stall.office.alerts()


def test_back_leaves_the_damaged_journal_where_it_is(stall: Stall) -> None:
    sold(stall)
    damage(stall, flip(0))
    before = journal(stall).read_bytes()
    stall.start()
    stall.keys("=<")
    assert (stall.view.stage, stall.said) == (Stage.STOPPED, "journal-damaged")
    assert journal(stall).read_bytes() == before
    assert list(journal(stall).parent.glob("*.damaged-*")) == []


def test_a_journal_that_cannot_be_read_at_all_begins_anew_with_the_office(stall: Stall) -> None:
    card = sold(stall)

    def spoil(raw: bytearray, _bodies: list[bytes]) -> None:
        raw[:16] = b"not this at all."

    damage(stall, spoil)
    assert renewed(stall)["lost"] == "?"
    stall.settle()
    stall.keys("9=")
    stall.settle()
    assert stall.journal.standing().epoch == 2
    assert [one.receipt for one in stall.journal.last_sales(9)] == [3]
    assert (stall.balance(card), sales(stall)) == ("95.00", 3)
    assert stall.office.alerts() == ["journal-fork"]


def test_a_card_payment_without_its_outcome_is_taken_back_out_of_a_damaged_journal(
    stall: Stall,
) -> None:
    card = stall.issue(100)
    stall.keys("9=")
    stall.settle()
    stall.keys("8")
    stall.wire.down = lambda _topic, _frame: None
    stall.tap(card)
    assert stall.balance(card) == "95.00"
    stall.kill()
    damage(stall, flip(0))
    stall.wire.down = lambda _topic, frame: frame
    renewed(stall)
    stall.settle()
    assert (stall.balance(card), sales(stall)) == ("100.00", 1)


def test_without_the_rescue_the_unsent_sales_are_missing(
    stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    sold(stall)
    damage(stall, flip(0))
    monkeypatch.setattr(rescue, "_trusted", lambda *_: iter(()))
    assert renewed(stall)["lost"] == "3"
    stall.settle()
    assert sales(stall) == 2


def test_a_disk_that_does_not_write_leaves_everything_as_it_was(
    stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold(stall)
    damage(stall, flip(0))
    before = journal(stall).read_bytes()
    stall.start()

    def full(_kept: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(rescue, "_remove", full)
    stall.keys("==")
    assert stall.view.stage is Stage.STOPPED
    assert journal(stall).read_bytes() == before
    assert database
