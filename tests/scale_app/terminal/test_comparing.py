"""A closed shift against the office's books: OK, repaired, or the differences by number."""

import sqlite3
from pathlib import Path

import pytest

from scale_app.events import Key, KeyPressed
from scale_app.journal.compared import WAITING
from tests.scale_app.terminal.stall import Stall, sales

SELL = 6


@pytest.fixture
def stall(tmp_path: Path) -> Stall:
    return Stall(tmp_path)


def close_shift(stall: Stall) -> None:
    for key in (Key.SHIFT, Key.SHIFT, Key.ENTER):
        stall.wait(0.5)
        stall.queue.append(KeyPressed(key))
        stall.pump()


def plant(stall: Stall, statement: str) -> None:
    """Changes the office's entries behind its back."""
    with sqlite3.connect(stall.office.path) as books:
        books.execute("DROP TRIGGER IF EXISTS entry_is_kept")
        books.execute("DROP TRIGGER IF EXISTS entry_is_fixed")
        books.execute("DROP TRIGGER IF EXISTS sale_is_kept")
        books.execute(statement)
    books.close()
    stall.office.desk.forget()


def sell(stall: Stall) -> None:
    for _ in range(SELL):
        stall.keys("98=")
        stall.wait(3)
    stall.settle()


def test_a_shift_that_the_office_holds_agrees(stall: Stall) -> None:
    sell(stall)
    close_shift(stall)
    stall.wait(5)
    assert stall.said == "shift-agrees"
    verdict = stall.journal.compared.verdict(1)
    assert verdict is not None
    assert (verdict.repaired, verdict.differing) == ((), ())
    assert stall.journal.compared.waiting() is None


def test_an_entry_that_the_office_lost_is_sent_again_alone(stall: Stall) -> None:
    sell(stall)
    plant(stall, "DELETE FROM entry WHERE seq = 3")
    stall.wire.sent.clear()
    close_shift(stall)
    stall.wait(10)
    assert stall.said == "shift-repaired"
    verdict = stall.journal.compared.verdict(1)
    assert verdict is not None
    assert (verdict.repaired, verdict.differing) == ((3,), ())
    uploads = [topic for topic, _ in stall.wire.sent if topic.endswith("/s")]
    assert len(uploads) == 2, "the Z, and the one entry"
    assert sales(stall) == SELL


def test_an_entry_with_another_content_is_listed_by_number(stall: Stall) -> None:
    sell(stall)
    plant(stall, "UPDATE entry SET body = x'90' WHERE seq = 4")
    close_shift(stall)
    stall.wait(10)
    assert stall.said == "shift-differs"
    message = stall.view.message
    assert message is not None
    assert (message.params["count"], message.params["numbers"]) == ("1", "4")


def test_a_shift_closed_without_the_network_is_compared_when_it_is_back(stall: Stall) -> None:
    sell(stall)
    stall.cut()
    close_shift(stall)
    stall.wait(60)
    assert stall.journal.compared.verdict(1) is None
    stall.kill()
    stall.start()
    stall.wait(10)
    assert stall.journal.compared.verdict(1) is not None


def test_an_office_that_does_not_know_the_question_is_asked_again_and_nothing_else_waits(
    stall: Stall,
) -> None:
    sell(stall)
    stall.wire.down = lambda topic, frame: None if topic.endswith("/a") else frame
    close_shift(stall)
    stall.wait(30)
    assert stall.journal.compared.verdict(1) is None
    stall.keys("98=")
    assert stall.said == "paid-cash"
    stall.wire.down = lambda _topic, frame: frame
    stall.wait(120)
    assert stall.journal.compared.verdict(1) is not None


def test_looking_for_a_closed_shift_reads_no_sale(stall: Stall) -> None:
    """Looked for after every sale: a journal that grows must not make the next sale slower."""
    stall.kill()
    with sqlite3.connect(stall.settings.state_directory / "journal.db") as journal:
        plan = [row[3] for row in journal.execute(f"EXPLAIN QUERY PLAN {WAITING}")]
    journal.close()
    of_entries = [step for step in plan if step.split()[1] in ("z", "b")]
    assert len(of_entries) == 2
    assert all("entry_z" in step for step in of_entries), plan
