"""Backup, verify, restore and drill by the installed command."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.backoffice.cli.test_commands import Desk
from tests.backoffice.world import MARKET


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    (tmp_path / "market.toml").write_text(MARKET, "utf-8")
    made.out("apply", str(tmp_path / "market.toml"))
    return made


def card(desk: Desk, balance: str) -> str:
    words = ("card", "issue", "--no-chip", "--kind", "stored", "--balance", balance)
    return desk.out(*words).strip().replace(" ", "").split()[-1]


def balance(desk: Desk, number: str) -> int:
    return int(json.loads(desk.out("card", "show", number, "--json"))["balance"])


def test_a_backup_is_verified_and_never_replaces_another(desk: Desk, tmp_path: Path) -> None:
    made = json.loads(desk.out("backup", str(tmp_path / "monday.db"), "--json"))
    assert made["untouched"]
    assert made["seal"] > 0
    assert json.loads(desk.out("backup", "verify", str(tmp_path / "monday.db"), "--json")) == made
    assert (tmp_path / "monday.db").stat().st_mode & 0o777 == 0o600
    again = desk.run("backup", str(tmp_path / "monday.db"))
    assert (again.returncode, again.stdout) == (1, "")
    folder = tmp_path / "backups"
    folder.mkdir()
    desk.out("backup", str(folder))
    assert [one.suffix for one in folder.iterdir()] == [".db"]


def test_a_damaged_or_edited_backup_is_refused(desk: Desk, tmp_path: Path) -> None:
    card(desk, "50.00")
    backup = tmp_path / "monday.db"
    desk.out("backup", str(backup))
    good = backup.read_bytes()
    with sqlite3.connect(backup) as books:
        books.execute("DROP TRIGGER transfer_is_fixed")
        books.execute("UPDATE transfer SET amount = 9000 WHERE amount = 5000")
    books.close()
    done = desk.run("backup", "verify", str(backup))
    assert done.returncode == 1
    assert "amount 5000 is 9000" in done.stdout
    assert desk.run("restore", str(backup)).returncode == 1
    backup.write_bytes(good[:8192] + bytes(8192) + good[16384:])
    for words in (("backup", "verify"), ("restore",), ("restore", "--drill")):
        done = desk.run(*words, str(backup))
        assert done.returncode in {1, 69}, done.stderr
        assert "Traceback" not in done.stderr
    assert json.loads(desk.out("audit", "--json"))["untouched"]


def test_a_restore_sets_the_books_aside_and_does_again_what_the_office_did(
    desk: Desk, tmp_path: Path
) -> None:
    first = card(desk, "50.00")
    backup = tmp_path / "monday.db"
    desk.out("backup", str(backup))
    second = card(desk, "20.00")
    desk.out("card", "topup", first, "5.00")
    drill = json.loads(desk.out("restore", str(backup), "--drill", "--json"))
    assert (drill["replayed"], drill["waiting"], drill["untouched"]) == (3, 0, True)
    assert balance(desk, first) == 5_500
    report = json.loads(desk.out("restore", str(backup), "--json"))
    assert (report["replayed"], report["waiting"]) == (3, 0)
    assert Path(report["set_aside"]).exists()
    assert balance(desk, first) == 5_500
    assert balance(desk, second) == 2_000
    assert json.loads(desk.out("audit", "--json"))["untouched"]


def test_without_the_second_journal_the_top_up_would_be_lost(desk: Desk, tmp_path: Path) -> None:
    first = card(desk, "50.00")
    desk.out("backup", str(tmp_path / "monday.db"))
    desk.out("card", "topup", first, "5.00")
    (desk.folder / "state" / "office.operations").unlink()
    desk.out("restore", str(tmp_path / "monday.db"))
    assert balance(desk, first) == 5_000
