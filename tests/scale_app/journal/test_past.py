"""Ended epochs: what had its receipt then is known now."""

import sqlite3
from pathlib import Path

import pytest

from broker.messages import MOST_OLDER, EpochMark, Kind, Paid, Welcome
from broker.seal import FIRST_LINK
from scale_app.journal.entries import append
from scale_app.journal.schema import STEPS
from scale_app.terminal.past import owed
from tests.scale_app.journal.books import AT, TERMINAL, journal, sale, subject


def in_epoch(epoch: int) -> Welcome:
    return Welcome(epoch, 0, FIRST_LINK, 3, "M", "S", "S", "CNY", 2, "Asia/Shanghai", 4)


def test_an_epoch_that_ends_is_remembered_with_what_had_its_receipt(tmp_path: Path) -> None:
    books = journal(tmp_path / "journal.db")
    for number in range(1, 6):
        books.save_cash(subject(number), sale())
    books.keep_receipt(1, 3)
    books.keep_welcome(in_epoch(4))
    books.save_cash(subject(6), sale())
    books.keep_receipt(4, 3)
    books.keep_welcome(in_epoch(5))
    assert books.past.marks() == [(1, 3), (4, 3)]
    assert [seq for seq, _ in books.past.entries(1, 1, 50)] == [2, 3]
    assert [seq for seq, _ in books.past.entries(1, 0, 2)] == [1, 2]
    assert books.past.entries(1, 3, 50) == books.past.entries(5, 0, 50) == []
    books.verify()


def test_an_older_file_learns_it_from_what_was_entered_again(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    at = next(n for n, step in enumerate(STEPS) if "past_epoch" in step[0])
    old = sqlite3.connect(file, isolation_level=None)
    for statement in (one for step in STEPS[:at] for one in step):
        old.execute(statement)
    old.execute(f"PRAGMA user_version = {at}")
    old.execute("INSERT INTO standing VALUES (1, ?, 1, 0, ?, 0, 9, 1, ?, NULL)",
                (TERMINAL, FIRST_LINK, AT))  # fmt: skip
    for epoch, numbers in ((1, (1, 2, 3, 4)), (2, (3, 4, 5)), (4, (6,))):
        old.execute("UPDATE standing SET epoch = ?, last_seq = 0, head = ?", (epoch, FIRST_LINK))
        for number in numbers:
            append(old, Kind.PAID, subject(number), Paid(number, sale(), None))
    old.close()
    books = journal(file)
    assert books.past.marks() == [(1, 2), (2, 3)]


@pytest.mark.parametrize(
    ("told", "ours", "lacks"),
    [
        (None, [(1, 9)], []),
        ([], [(1, 9), (3, 0)], [(1, 0, 9)]),
        ([EpochMark(2, 4), EpochMark(1, 9)], [(1, 9), (2, 7)], [(2, 4, 7)]),
        ([EpochMark(2, 40), EpochMark(1, 10)], [(1, 9), (2, 7)], []),
        ([EpochMark(30 - n, 1) for n in range(MOST_OLDER)], [(3, 5), (15, 1), (20, 2)],
         [(20, 1, 2)]),
    ],
)  # fmt: skip
def test_what_the_office_lacks_follows_from_what_it_told(
    told: list[EpochMark] | None, ours: list[tuple[int, int]], lacks: list[tuple[int, int, int]]
) -> None:
    assert owed(told, ours) == lacks
