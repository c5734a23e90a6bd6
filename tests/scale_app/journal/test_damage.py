"""A journal that was touched, cut, filled up or made by another program."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from scale_app.errors import JournalBroken, JournalFull, JournalNewer
from scale_app.journal.database import Reserve, open_database
from scale_app.journal.schema import VERSION
from scale_app.journal.store import Journal
from tests.scale_app.journal.books import CARD, journal, sale, subject


def filled(file: Path) -> None:
    books = journal(file)
    for number in range(1, 6):
        books.save_cash(subject(number), sale(number * 100))
    books.close()


def spoil(file: Path, statement: str) -> None:
    database = sqlite3.connect(file)
    database.execute("DROP TRIGGER entry_stays")
    database.execute("DROP TRIGGER entry_is_kept")
    database.execute(statement)
    database.commit()
    database.close()


@pytest.mark.parametrize("statement", ["UPDATE entry SET kind = 3", "DELETE FROM entry"])
def test_entries_cannot_be_changed_or_deleted(tmp_path: Path, statement: str) -> None:
    filled(tmp_path / "journal.db")
    database = sqlite3.connect(tmp_path / "journal.db")
    with pytest.raises(sqlite3.IntegrityError, match="an entry is never"):
        database.execute(statement)
    database.close()


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE entry SET body = (SELECT body FROM entry WHERE seq = 2) WHERE seq = 3", "1/3"),
        ("DELETE FROM entry WHERE seq = 3", "1/3"),
        ("DELETE FROM entry WHERE seq = 5", "1/4"),
        ("UPDATE entry SET body = zeroblob(40) WHERE seq = 4", "1/4"),
        ("UPDATE standing SET head = zeroblob(16)", "1/5"),
    ],
)
def test_a_broken_chain_is_named(tmp_path: Path, statement: str, place: str) -> None:
    file = tmp_path / "journal.db"
    filled(file)
    spoil(file, statement)
    with pytest.raises(JournalBroken, match=place):
        journal(file).verify()


def test_one_changed_byte_in_an_entry_is_found(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    filled(file)
    database = sqlite3.connect(file)
    body = bytearray(database.execute("SELECT body FROM entry WHERE seq = 2").fetchone()[0])
    database.close()
    # The amount of the line, one fen more: still a readable entry, another hash.
    body[-1 - body[::-1].index(200)] = 201
    spoil(file, f"UPDATE entry SET body = x'{body.hex()}' WHERE seq = 2")
    with pytest.raises(JournalBroken, match="receipt 2 is not what was sold"):
        journal(file).verify()


def test_a_file_that_is_no_database_is_broken_not_a_crash(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    file.write_bytes(b"no database at all" * 500)
    with pytest.raises(JournalBroken):
        journal(file)


def test_a_journal_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    filled(file)
    database = sqlite3.connect(file)
    database.execute(f"PRAGMA user_version = {VERSION + 1}")
    database.close()
    with pytest.raises(JournalNewer):
        open_database(file)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 384 KiB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=384k", "tmpfs", str(place)]
    done = subprocess.run(words, capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(directory: Path) -> Path:
    """Everything that is free is taken."""
    filler = directory / "filler"
    with filler.open("wb") as file:
        while True:
            try:
                os.write(file.fileno(), bytes(4096))
            except OSError:
                return filler


def sell_without_end(books: Journal, first: int, said: list[int]) -> None:
    for number in range(first, 5000):
        books.save_cash(subject(number), sale())
        said.append(number)


def test_a_full_disk_refuses_the_sale_and_keeps_every_saved_one(small_disk: Path) -> None:
    books = journal(small_disk / "journal.db")
    said: list[int] = []
    with pytest.raises(JournalFull):
        sell_without_end(books, 1, said)
    saved = len(said)
    assert saved > 5
    assert not books._db.in_transaction
    now = books.standing()
    assert (now.last_seq, now.next_receipt) == (saved, saved + 1)
    assert len(books.last_sales(5000)) == saved
    assert books.verify() == saved
    books.close()


def test_when_there_is_room_again_the_journal_goes_on_without_repair(small_disk: Path) -> None:
    books = journal(small_disk / "journal.db")
    books.save_cash(subject(1), sale())
    filler = fill(small_disk)
    with pytest.raises(JournalFull):
        sell_without_end(books, 2, [])
    last = books.standing().last_seq
    filler.unlink()
    books.save_cash(subject(9000), sale())
    assert books.standing().last_seq == last + 1
    books.verify()
    books.close()


def test_the_reserve_lets_a_sale_that_was_begun_be_finished(small_disk: Path) -> None:
    reserve = Reserve(small_disk / "reserve.bin", 96 * 1024)
    books = journal(small_disk / "journal.db")
    assert reserve.hold()
    books.save_intent(subject(1), sale(500, CARD))
    fill(small_disk)
    with pytest.raises(JournalFull):
        sell_without_end(books, 2, [])
    with pytest.raises(JournalFull):
        books.save_paid(subject(1), None)
    reserve.give_up()
    assert books.save_paid(subject(1), None).sale.total == 500
    assert not reserve.hold()
    books.close()


def test_an_operation_that_its_table_does_not_know_any_more_is_found(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    books = journal(file)
    books.save_intent(subject(1), sale(1, CARD))
    books.close()
    spoil(file, "DELETE FROM tender")
    with pytest.raises(JournalBroken, match="is missing"):
        journal(file).verify()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE tender SET state = 'declined'", "is not as its entries left it"),
        ("UPDATE tender SET sale = x'c1'", "is not as its entries left it"),
        ("UPDATE sale SET sale = x'c1'", "receipt 1 is not what was sold"),
    ],
)
def test_a_table_beside_the_chain_that_says_otherwise_is_found(
    tmp_path: Path, statement: str, said: str
) -> None:
    file = tmp_path / "journal.db"
    books = journal(file)
    books.save_cash(subject(1), sale())
    books.save_intent(subject(2), sale(500, CARD))
    books.close()
    database = sqlite3.connect(file)
    database.execute(statement)
    database.commit()
    database.close()
    with pytest.raises(JournalBroken, match=said):
        journal(file).verify()


def test_an_entry_of_another_chain_is_found_at_its_place(tmp_path: Path) -> None:
    file, other = tmp_path / "journal.db", tmp_path / "other.db"
    filled(file)
    books = journal(other)
    for number in (2, 1):
        books.save_cash(subject(number), sale(number * 100))
    books.close()
    database = sqlite3.connect(other)
    body = bytes(database.execute("SELECT body FROM entry WHERE seq = 2").fetchone()[0])
    database.close()
    spoil(file, f"UPDATE entry SET body = x'{body.hex()}' WHERE seq = 2")
    with pytest.raises(JournalBroken, match="the chain does not hold at entry 1/2"):
        journal(file).verify()
