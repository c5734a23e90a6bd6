"""The journal's file: what stands in its way is told as full or as broken, never as a traceback."""

import sqlite3
from pathlib import Path

import pytest

from scale_app.errors import JournalBroken, JournalFull
from scale_app.journal.database import open_database, translated
from scale_app.journal.store import Journal
from tests.scale_app.journal.books import AT, TERMINAL, journal, sale, subject

FREELIST_COUNT = 36
"""Place of the number of free pages in a database file's header (SQLite file format, 1.3)."""


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("not a folder", "utf-8")
    with pytest.raises(JournalBroken):
        open_database(tmp_path / "state" / "journal.db")


def test_a_fault_of_the_disk_with_no_room_left_is_a_full_disk(tmp_path: Path) -> None:
    assert isinstance(translated(OSError("gone"), tmp_path), JournalBroken)
    assert isinstance(translated(OSError("gone"), tmp_path / "no" / "such"), JournalFull)


def test_a_damaged_file_is_named_before_it_is_trusted(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    books = journal(file)
    books.save_cash(subject(1), sale(100))
    books.close()
    with file.open("r+b") as raw:
        raw.seek(FREELIST_COUNT)
        raw.write((5).to_bytes(4, "big"))
    damaged = Journal(file, TERMINAL, AT)
    with pytest.raises(JournalBroken, match=r"(?i)freelist"):
        damaged.verify()
    damaged.close()


def test_a_file_without_its_entries_is_broken(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    books = journal(file)
    with sqlite3.connect(file) as other:
        other.execute("DROP TABLE entry")
    other.close()
    with pytest.raises(JournalBroken, match="no such table"):
        books.verify()
    books.close()
