"""Starts that cannot be right: one sentence and an exit code of the set, or one on the screen."""

import contextlib
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.till_on_a_pty import TillOnAPty, till_of, write_settings
from tests.running import BIN, RunningOffice

IN_USE, JOURNAL, SETTINGS, USAGE = 75, 69, 78, 2


@pytest.fixture(scope="module")
def office() -> Iterator[RunningOffice]:
    # A short name, as Unix sockets below it need one.
    with (
        tempfile.TemporaryDirectory(prefix="sy-") as directory,
        RunningOffice(Path(directory), terminals=2) as made,
    ):
        yield made


@pytest.fixture(scope="module")
def used(office: RunningOffice) -> Path:
    """The directory of a till that sold twice and ended."""
    root = office.root / "till"
    with running(office, root) as till:
        for number in (1, 2):
            till.feed.wait(lambda view: view["stage"] in ("selling", "paid"), "the till")
            time.sleep(0.3)
            till.keys("9\r")
            paid(till, number)
        till.feed.wait(lambda view: view["links"]["unsent"] == 0, "all sent")
    return root


def paid(till: TillOnAPty, receipt: int) -> None:
    till.feed.wait(lambda view: view["receipt_number"] == receipt, "the sale paid")


@contextlib.contextmanager
def running(office: RunningOffice, root: Path, name: str = "T1") -> Iterator[TillOnAPty]:
    till = till_of(office, name, root)
    try:
        yield till
    finally:
        till.stop()


def copy_of(used: Path, name: str) -> Path:
    """The same till's directory, to be spoilt."""
    other = used.with_name(name)
    shutil.copytree(used, other, ignore=shutil.ignore_patterns("*.sock"))
    return other


def refused(root: Path, code: int, *words: str) -> str:
    """Runs `scale-app` in that directory; the one sentence it says."""
    options = ["--config", str(root / "till.toml"), "--state", str(root / "state")]
    done = subprocess.run(
        [str(BIN / "scale-app"), *options, *words],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    said = [row for row in done.stderr.splitlines() if row.startswith("scale-app: ")]
    assert len(said) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return said[0]


def test_a_second_till_on_the_same_state_is_refused(office: RunningOffice, used: Path) -> None:
    root = copy_of(used, "twice")
    with running(office, root) as till:
        till.feed.wait(lambda view: view["stage"] in ("selling", "paid"), "the till")
        for words in (["run"], ["shift", "z"], ["receipts"]):
            assert "the till runs here" in refused(root, IN_USE, *words)
        assert till.process.poll() is None


def test_a_state_that_cannot_be_written_is_one_sentence(used: Path) -> None:
    root = copy_of(used, "no-room")
    shutil.rmtree(root / "state")
    (root / "state").write_text("a file stands where the directory should be")
    for words in (["run"], ["shift", "x"], ["receipts"]):
        assert "cannot write here" in refused(root, SETTINGS, *words)


def test_without_a_terminal_the_screen_is_refused_in_one_sentence(used: Path) -> None:
    assert "terminal" in refused(used, SETTINGS, "run")


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("terminal.toml", None),
        ("terminal.toml", b""),
        ("terminal.toml", b"\xff\xfe"),
        ("mac.key", None),
        ("mac.key", b"short"),
        ("office.pub", b""),
    ],
)
def test_a_spoilt_enrolment_is_named_in_one_sentence(
    office: RunningOffice, used: Path, tmp_path: Path, file: str, content: bytes | None
) -> None:
    enrolment = tmp_path / "enrolment"
    shutil.copytree(office.enrolment("T1"), enrolment)
    (enrolment / file).unlink()
    if content is not None:
        (enrolment / file).write_bytes(content)
    write_settings(tmp_path / "till.toml", enrolment, office.port)
    said = refused(tmp_path, SETTINGS, "run")
    assert "enrol" in said
    assert file in said or file == "terminal.toml"


@pytest.mark.parametrize(
    "text",
    [b"", b"[till", b"\xff", b'[till]\nenrolment = "e"\ncashier = "seven"', b"[tills]\n"],
    ids=["empty", "half", "not UTF-8", "wrong type", "unknown table"],
)
def test_spoilt_settings_are_one_sentence(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "till.toml").write_bytes(text)
    assert "till.toml" in refused(tmp_path, SETTINGS, "run")


def test_an_enrolment_of_another_office_sells_nothing_and_reaches_nobody(
    office: RunningOffice, tmp_path: Path
) -> None:
    stranger = RunningOffice(tmp_path / "other")
    stranger.root.mkdir()
    stranger.prepare()
    root = office.root / "stranger"
    root.mkdir()
    write_settings(root / "till.toml", stranger.enrolment("T1"), office.port)
    till = TillOnAPty(root / "till.toml", root / "state")
    try:
        till.says("needs-network-once")
        till.keys("9\r")
        time.sleep(1.0)
        assert till.feed.view["stage"] == "not-ready"
        assert till.feed.view["links"]["net"] == "off"
    finally:
        till.stop()


def test_another_terminals_journal_stops_the_till_in_a_sentence(
    office: RunningOffice, used: Path
) -> None:
    root = copy_of(used, "other-name")
    write_settings(root / "till.toml", office.enrolment("T2"), office.port)
    assert "journal of T1" in refused(root, JOURNAL, "shift", "x")
    with running(office, root, "T2") as till:
        till.says("journal-broken")
        assert till.feed.view["stage"] == "stopped"


@pytest.mark.parametrize("part", ["entry", "header"])
def test_a_damaged_journal_stops_the_till_is_kept_and_a_new_one_begun_by_two_keys(
    office: RunningOffice, used: Path, part: str
) -> None:
    root = copy_of(used, f"damaged-{part}")
    file = root / "state" / "journal.db"
    damage(file, part)
    before = file.read_bytes()
    assert "journal" in refused(root, JOURNAL, "receipts")
    with running(office, root) as till:
        till.says("journal-damaged")
        till.keys("9")
        time.sleep(0.3)
        assert till.feed.view["stage"] == "stopped"
        assert till.feed.view["lines"] == []
        assert file.read_bytes() == before
        sold = sales_of(office, "T1")
        till.keys("\r")
        till.says("renew-journal")
        till.keys("\r")
        till.feed.wait(lambda view: view["stage"] == "selling", "the till", wait_s=20)
        till.feed.wait(lambda view: view["links"]["net"] == "ok", "the office", wait_s=20)
        till.keys("9\r")
        till.feed.wait(lambda view: view["stage"] == "paid", "the sale paid")
        till.feed.wait(lambda view: view["links"]["unsent"] == 0, "all sent")
        assert sales_of(office, "T1") == sold + 1
    [kept] = file.parent.glob("journal.damaged-*.db")
    assert kept.read_bytes() == before


def damage(file: Path, part: str) -> None:
    """Changes one bit of an entry, or the file's first bytes; all in the one file."""
    with contextlib.closing(sqlite3.connect(file)) as journal:
        journal.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [(body,)] = journal.execute("SELECT body FROM entry WHERE seq = 1").fetchall()
    raw = bytearray(file.read_bytes())
    if part == "header":
        raw[:8] = b"not this"
    else:
        raw[raw.index(body) + len(body) // 2] ^= 1
    file.write_bytes(raw)


def test_a_lost_journal_begins_a_new_life_alarms_and_loses_no_booked_sale(
    office: RunningOffice, used: Path
) -> None:
    root = copy_of(used, "lost")
    for file in (root / "state").glob("journal.db*"):
        file.unlink()
    sold = sales_of(office, "T1")
    with running(office, root) as till:
        till.feed.wait(lambda view: view["stage"] == "selling", "the till", wait_s=20)
        till.keys("9\r")
        till.feed.wait(lambda view: view["stage"] == "paid", "the sale paid")
        till.feed.wait(lambda view: view["links"]["unsent"] == 0, "all sent")
    assert sales_of(office, "T1") == sold + 1
    assert "journal-fork" in office.command("alerts")
    office.command("report", "check")


def sales_of(office: RunningOffice, name: str) -> int:
    with sqlite3.connect(f"file:{office.state / 'office.db'}?mode=ro", uri=True) as books:
        [(number,)] = books.execute(
            "SELECT count(*) FROM sale JOIN terminal ON terminal.id = sale.terminal"
            " AND terminal.org = sale.org WHERE terminal.code = ?",
            (name,),
        ).fetchall()
    return int(number)
