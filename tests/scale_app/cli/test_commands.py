"""`scale-app` as a person types it: exit codes, one clear sentence, data on standard output."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from broker.heads import fingerprint
from scale_app.cli.exits import Exit
from scale_app.cli.lock import state_lock
from scale_app.journal.signing_key import read_key
from scale_app.journal.store import Journal
from tests.scale_app.journal.books import AT as NOW
from tests.scale_app.journal.books import TERMINAL, WELCOME, sale, subject
from tests.scale_app.journal.test_let_go import Shifts
from tests.scale_app.test_catalog import offer
from tests.scale_app.test_config import TERMINAL as TERMINAL_TOML

TILL = """
[till]
enrolment = "enrolment"
cashier = 7
[reader]
name = "none"
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    enrolment = tmp_path / "enrolment"
    enrolment.mkdir()
    (tmp_path / "till.toml").write_text(TILL)
    (enrolment / "terminal.toml").write_text(TERMINAL_TOML.replace("18883", "1"))
    for name in ("ca.pem", "terminal.pem", "terminal.key"):
        (enrolment / name).write_text("no certificate")
    (enrolment / "mac.key").write_bytes(bytes(32))
    (enrolment / "office.pub").write_bytes(bytes(32))
    return tmp_path


def run(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    program = [str(Path(sys.executable).with_name("scale-app"))]
    settings = ["--config", str(place / "till.toml"), "--state", str(place / "state")]
    return subprocess.run(
        [*program, *settings, *words],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def sold(place: Path) -> None:
    books = Journal(place / "state" / "journal.db", TERMINAL, NOW)
    books.keep_welcome(WELCOME)
    prices = offer()
    books.keep_prices(prices, NOW)
    books.save_cash(subject(1), sale(680))
    books.save_cash(subject(2), sale(1000))
    books.close()


def test_x_shows_and_z_closes_the_shift(place: Path) -> None:
    sold(place)
    shown = run(place, "shift", "x")
    assert (shown.returncode, shown.stderr) == (Exit.OK, "")
    assert "16.80" in shown.stdout
    closed = json.loads(run(place, "shift", "z", "--json").stdout)
    assert (closed["shift"], closed["sales"], closed["total"]) == (1, 2, 1680)
    assert json.loads(run(place, "shift", "x", "--json").stdout)["shift"] == 2


def test_receipts_are_printed_as_copies_or_given_as_data(place: Path) -> None:
    sold(place)
    printed = run(place, "receipts", "--last", "1")
    assert "No. 000002" in printed.stdout
    assert "COPY" in printed.stdout
    rows = json.loads(run(place, "receipts", "--json").stdout)
    assert [(row["receipt"], row["total"]) for row in rows] == [(1, 680), (2, 1000)]


def test_while_the_till_runs_the_books_are_left_alone(place: Path) -> None:
    sold(place)
    with state_lock(place / "state"):
        refused = run(place, "shift", "z")
    assert refused.returncode == Exit.IN_USE
    assert len(refused.stderr.splitlines()) == 1
    assert json.loads(run(place, "shift", "x", "--json").stdout)["shift"] == 1


def test_a_till_that_never_signed_on_has_no_shift(place: Path) -> None:
    answer = run(place, "shift", "z")
    assert answer.returncode == Exit.FAULTS
    assert "never signed on" in answer.stderr


@pytest.mark.parametrize("command", [["run"], ["doctor"], ["shift", "x"], ["receipts"]])
def test_wrong_settings_are_one_sentence(place: Path, command: list[str]) -> None:
    (place / "till.toml").write_text(TILL + "colour = 'red'\n")
    answer = run(place, *command)
    assert answer.returncode == Exit.SETTINGS
    assert len(answer.stderr.splitlines()) == 1
    assert "colour" in answer.stderr


def test_a_broken_journal_is_one_sentence(place: Path) -> None:
    (place / "state").mkdir()
    (place / "state" / "journal.db").write_bytes(b"nonsense " * 2000)
    answer = run(place, "shift", "x")
    assert (answer.returncode, len(answer.stderr.splitlines())) == (Exit.JOURNAL, 1)


def test_the_doctor_names_every_fault_in_words_and_as_data(place: Path) -> None:
    sold(place)
    answer = run(place, "doctor", "--json")
    assert answer.returncode == Exit.FAULTS
    findings = {row["check"]: row for row in json.loads(answer.stdout)}
    assert findings["journal"]["ok"]
    assert "2 entries" in findings["journal"]["text"]
    assert findings["versions"]["ok"]
    assert findings["disk"]["ok"]
    assert not findings["broker"]["ok"]
    words = run(place, "doctor")
    assert "FAULT  broker" in words.stdout
    assert words.stderr == ""


@pytest.mark.parametrize(
    ("content", "ok", "told"),
    [
        (None, True, "no journal.key; the next start makes a new key"),
        (bytes(64), False, "its two halves are not of one key; the next start makes a new key"),
        (b"x", False, "1 bytes where 64 belong"),
    ],
)
def test_the_doctor_tells_of_the_signing_key_and_makes_none(
    place: Path, content: bytes | None, ok: bool, told: str
) -> None:
    file = place / "state" / "journal.key"
    sold(place)
    file.unlink(missing_ok=True)
    if content is not None:
        file.write_bytes(content)
    findings = {row["check"]: row for row in json.loads(run(place, "doctor", "--json").stdout)}
    assert (findings["signing"]["ok"], told in findings["signing"]["text"]) == (ok, True)
    assert file.exists() is (content is not None)


def test_receipts_and_doctor_say_what_has_gone(place: Path) -> None:
    shifts = Shifts(place / "state" / "journal.db", days=3)
    shifts.clear(before_day=1)
    shifts.books.close()
    told = run(place, "receipts", "--json")
    assert [row["receipt"] for row in json.loads(told.stdout)] == [3, 4, 5, 6]
    assert "Receipts older than 35 days are kept by the office" in told.stderr
    assert run(place, "receipts", "--last", "4", "--json").stderr == ""
    findings = {row["check"]: row for row in json.loads(run(place, "doctor", "--json").stdout)}
    assert findings["journal"]["text"].startswith("14 entries from entry 8 on, chain holds")


def test_the_doctor_shows_the_keys_fingerprint_and_not_the_key(place: Path) -> None:
    sold(place)
    run(place, "shift", "z")
    said = run(place, "doctor", "--json").stdout
    key = read_key(place / "state" / "journal.key")
    assert key is not None
    text = {row["check"]: row["text"] for row in json.loads(said)}["signing"]
    assert text == f"key {fingerprint(key.public)}, the journal is signed up to entry 3"
    secret = (place / "state" / "journal.key").read_bytes()[:32]
    assert secret.hex() not in said


def test_the_doctor_finds_a_broken_chain(place: Path) -> None:
    sold(place)
    database = sqlite3.connect(place / "state" / "journal.db")
    database.execute("UPDATE standing SET head = zeroblob(16)")
    database.commit()
    database.close()
    findings = {row["check"]: row for row in json.loads(run(place, "doctor", "--json").stdout)}
    assert not findings["journal"]["ok"]


def test_a_word_that_is_no_command_is_usage(place: Path) -> None:
    assert run(place, "sell").returncode == Exit.USAGE


def with_scale(e_g: int) -> str:
    return TILL + f'[scale]\nport = "/nowhere/scale"\nprotocol = "st-gs"\ne_g = {e_g}\n'


def test_changed_scale_settings_are_counted_on_the_z_and_told_by_the_doctor(place: Path) -> None:
    sold(place)
    for e_g, changes in ((5, 0), (5, 0), (2, 1)):
        (place / "till.toml").write_text(with_scale(e_g))
        z = run(place, "shift", "z").stdout.splitlines()
        assert f"Scale settings changed{changes:10}" in z
    (place / "till.toml").write_text(with_scale(10))
    findings = {row["check"]: row for row in json.loads(run(place, "doctor", "--json").stdout)}
    told = findings["settings"]["text"]
    assert findings["settings"]["ok"]
    assert told.startswith("scale settings changed 1 times, last at 20")
    assert "UTC: e_g 5 -> 2; changed since the last start: e_g 2 -> 10" in told
