"""The power goes at any moment: what was said to be saved is there, on either side.

A part of the states; `python -m tests.powercut` for 200,000 of each database.
"""

import contextlib
import os
import random
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backoffice.migrations import STEPS as OFFICE_STEPS
from scale_app.errors import JournalError
from scale_app.journal import database, let_go
from scale_app.journal.schema import VERSION
from scale_app.journal.store import Journal
from tests.powercut import office, till, updates
from tests.powercut.cuts import cuts, lay, replayed
from tests.powercut.judged import NOTHING, Judged, day_judged, folders, judge, saw_everything
from tests.powercut.recorder import Recorder, Said, Write
from tests.scale_app.journal.books import AT, TERMINAL, journal
from tests.scale_app.journal.test_let_go import DAY_MS, EACH, KEY, Shifts
from tests.scale_app.terminal.stall import Stall, sales

CUTS = int(os.environ.get("STEELYARD_CUTS", "60"))
"""While an older file is brought up to date."""


def test_a_till_whose_power_is_cut_has_every_sale_that_was_said_to_be_saved() -> None:
    found = day_judged(till, "FULL", sales=30, states=2_500, seed=1)
    assert found.states >= 2_500
    assert found.different > 600
    assert found.faults == ()


def test_an_office_whose_power_is_cut_has_all_that_it_answered_or_receipted() -> None:
    found = day_judged(office, "FULL", sales=8, states=500, seed=1)
    assert found.states >= 500
    assert found.different > 150
    assert found.faults == ()


@pytest.mark.parametrize(("subject", "sales_", "states"), [(till, 20, 300), (office, 4, 100)])
def test_with_synchronous_normal_sales_are_lost(subject: object, sales_: int, states: int) -> None:
    """The control: the states do find losses where there are some."""
    found = day_judged(subject, "NORMAL", sales=sales_, states=states, seed=1)  # type: ignore[arg-type]
    assert any(words.startswith("lost") for _at, words in found.faults)


def test_a_recorder_that_misses_a_write_is_noticed() -> None:
    with folders() as (work, _image):
        events = till.Day(work, "FULL", 1).run(3)
        assert saw_everything(events, work)
        final = [at for at, one in enumerate(events) if isinstance(one, Write)][-40:]
        missed = [saw_everything(events[:at] + events[at + 1 :], work) for at in final]
        assert not all(missed)


def updated(name: str, make: Callable[[Path, int], None], version: int, states: int) -> Judged:
    """An older file, brought up to date, with the power cut at places all over it."""
    wrong = updates.journal_wrong if name == "journal.db" else updates.books_wrong
    with folders() as (work, image):
        make(work / name, version)
        base, events = updates.recorded(work, work / name)
        total = 4 * len(events)
        everywhere = cuts(events, total, version, first=len(updates.SALES), base=base)
        chance = random.Random(version)
        some = (cut for cut in everywhere if chance.random() < states / total)
        return judge(some, wrong, image)


def test_a_power_cut_while_a_journal_is_brought_up_to_date_leaves_the_old_or_the_new() -> None:
    found = NOTHING
    for version in range(1, VERSION):
        found += updated("journal.db", updates.old_journal, version, CUTS)
    assert found.different > CUTS // 4 * (VERSION - 1)
    assert found.faults == ()


@pytest.mark.parametrize("steps", [1, len(OFFICE_STEPS) - 1])
def test_a_power_cut_while_books_are_brought_up_to_date_leaves_the_old_or_the_new(
    steps: int,
) -> None:
    found = updated("office.db", updates.old_books, steps, CUTS)
    assert found.different > CUTS // 4
    assert found.faults == ()


def test_a_power_cut_while_old_entries_go_leaves_a_whole_step_or_none() -> None:
    with folders() as (work, image):
        file = work / "journal.db"
        shifts = Shifts(file, days=8)
        last = shifts.books.standing()
        shifts.books.close()
        base, recorder = {path.name: path.read_bytes() for path in work.iterdir()}, Recorder(work)
        with recorder.installed(), pytest.MonkeyPatch.context() as patched:
            patched.setattr(let_go, "STEP", 2 * EACH)
            shifts.books = journal(file, KEY)
            recorder.say("opened")
            while shifts.books.let_go.step(AT + 6 * DAY_MS):
                recorder.say("a step")
            shifts.books.close()

        def wrong(folder: Path, said: list[object]) -> str:
            try:
                books = Journal(folder / "journal.db", TERMINAL, AT, key=KEY)
                entries, gone = books.verify(), books.let_go.checkpoint(1)
                kept = [one.receipt for one in books.last_sales(100)]
                books.close()
            except JournalError as error:
                return f"broken: {error}"
            seq = gone.seq if gone else 0
            if entries + seq != last.last_seq or seq < 2 * EACH * said.count("a step"):
                return f"{entries} entries after {seq}, said {said}"
            first = seq // EACH * 2 + 1
            return "" if kept == list(range(16, first - 1, -1)) else f"receipts {kept} after {seq}"

        found = judge(cuts(recorder.events, 600, 5, first=1, base=base), wrong, image)
    assert found.different > 60
    assert found.faults == ()


def test_an_update_in_pieces_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: each statement of a migration by itself, and a cut between two of them."""

    @contextlib.contextmanager
    def none(_db: sqlite3.Connection, _directory: Path) -> Iterator[None]:
        yield

    with folders() as (work, image):
        updates.old_journal(work / "journal.db", 1)
        with monkeypatch.context() as patched:
            patched.setattr(database, "transaction", none)
            base, events = updates.recorded(work, work / "journal.db")
        found = judge(
            cuts(events, 0, 1, first=len(updates.SALES), base=base), updates.journal_wrong, image
        )
    assert any("already exists" in words for _at, words in found.faults)


def test_a_disk_that_lies_about_its_syncs_is_found_at_the_next_sign_on(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "till")
    with recorder.installed():
        stall = Stall(tmp_path)
        for _ in range(4):
            stall.keys("9=")
            stall.settle()
            recorder.say("paid")
    assert (stall.journal.standing().epoch, sales(stall)) == (1, 4)
    stall.kill()
    # Of all that was synced the disk wrote only what came before the third sale.
    second = [at for at, one in enumerate(recorder.events) if isinstance(one, Said)][1]
    lay(replayed(recorder.events[:second]), tmp_path / "till")
    stall.start()
    assert len(stall.journal.last_sales(10)) == 2
    stall.settle()
    assert stall.journal.standing().epoch == 2
    assert stall.office.alerts() == ["journal-fork"]
    stall.keys("9=")
    stall.settle()
    assert sales(stall) == 5
    assert stall.office.balance("drawer/S03-12") == -500
