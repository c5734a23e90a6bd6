"""Whoever changes the scale's settings in till.toml leaves a row that nothing takes away."""

import sqlite3
from pathlib import Path

import pytest

from scale_app.errors import JournalBroken
from scale_app.journal.schema import STEPS
from scale_app.journal.trail import Change, flat
from tests.scale_app.journal.books import AT, journal

FIVE = {"port": "/dev/ttyS0", "e_g": 5, "options.form": "auto"}
TWO = {"port": "/dev/ttyS0", "e_g": 2, "options.form": "auto", "containers.1": 120}


def test_a_change_is_kept_with_its_time_and_both_values_and_counted(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    books = journal(file)
    assert books.trail.note(FIVE, AT) == Change(0, AT, {}, FIVE)
    assert books.trail.count() == 0
    changed = books.trail.note(TWO, AT + 60_000)
    books.close()
    books = journal(file)
    assert changed == Change(1, AT + 60_000, FIVE, TWO)
    assert books.trail.changes()[1] == changed
    assert changed.in_words() == "e_g 5 -> 2, containers.1 none -> 120"
    assert books.trail.count() == 1


def test_the_same_settings_in_another_order_are_no_change(tmp_path: Path) -> None:
    books = journal(tmp_path / "journal.db")
    books.trail.note(FIVE, AT)
    assert books.trail.note(dict(reversed(FIVE.items())), AT + 1) is None
    assert len(books.trail.changes()) == 1


def test_changing_a_setting_and_changing_it_back_are_two_changes(tmp_path: Path) -> None:
    books = journal(tmp_path / "journal.db")
    for minute, values in enumerate((FIVE, TWO, FIVE)):
        books.trail.note(values, AT + minute)
    assert books.trail.count() == 2


def test_a_till_whose_scale_was_taken_out_says_so(tmp_path: Path) -> None:
    books = journal(tmp_path / "journal.db")
    books.trail.note({"e_g": 5}, AT)
    gone = books.trail.note({}, AT + 1)
    assert gone is not None
    assert gone.in_words() == "e_g 5 -> none"


@pytest.mark.parametrize(
    "forgery",
    [
        """UPDATE scale_setting SET "before" = "after" WHERE number = 1""",
        "UPDATE scale_setting SET at = at + 1 WHERE number = 1",
        "DELETE FROM scale_setting WHERE number = 1",
        "DELETE FROM scale_setting WHERE number = 0",
    ],
)
def test_the_trail_only_grows_and_a_forgery_is_found(tmp_path: Path, forgery: str) -> None:
    file = tmp_path / "journal.db"
    books = journal(file)
    for minute, values in enumerate((FIVE, TWO, FIVE)):
        books.trail.note(values, AT + minute)
    database = sqlite3.connect(file)
    with pytest.raises(sqlite3.IntegrityError, match="a change of settings is never"):
        database.execute(forgery)
    database.execute("DROP TRIGGER scale_setting_stays")
    database.execute("DROP TRIGGER scale_setting_is_kept")
    database.execute(forgery)
    database.commit()
    database.close()
    with pytest.raises(JournalBroken, match="tampered"):
        books.trail.note(FIVE, AT + 9)


def test_a_journal_from_before_the_trail_begins_one(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    at = next(n for n, step in enumerate(STEPS) if "scale_setting" in step[0])
    database = sqlite3.connect(file)
    for statement in (one for step in STEPS[:at] for one in step):
        database.execute(statement)
    database.execute(f"PRAGMA user_version = {at}")
    database.commit()
    database.close()
    books = journal(file)
    books.trail.note(FIVE, AT)
    assert books.trail.count() == 0


def test_every_value_of_the_table_has_a_name_of_its_own() -> None:
    table = {"e_g": 5, "options": {"form": "10"}, "ranges": [{"above_g": 6000, "e_g": 2}]}
    assert flat(table) == {
        "e_g": 5, "options.form": "10", "ranges": [{"above_g": 6000, "e_g": 2}]
    }  # fmt: skip
