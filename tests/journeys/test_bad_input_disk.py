"""A full disk under the till's journal, and under the office's books: real files, real ENOSPC."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.messages import Code
from fixtures.feed import NotSeen
from tests.backoffice.wire_scale import WireScale, card_of
from tests.backoffice.world import cash_sale, new_op
from tests.journeys.till_on_a_pty import (
    TillOnAPty,
    entering,
    inside,
    on_small_disk,
    small_disks_can_be_had,
    till_of,
)
from tests.running import RunningOffice

pytestmark = pytest.mark.skipif(
    not small_disks_can_be_had(), reason="no mount of one's own here (unshare --mount)"
)


@pytest.fixture(scope="module")
def office() -> Iterator[RunningOffice]:
    # A short name, as Unix sockets below it need one.
    with (
        tempfile.TemporaryDirectory(prefix="sy-") as directory,
        RunningOffice(Path(directory), terminals=2) as made,
    ):
        yield made


def fill(directory: Path) -> Path:
    """Takes every byte of the disk that `directory` is on."""
    filler = directory / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65_536, 4096, 1):
            while True:
                try:
                    file.write(bytes(size))
                except OSError:
                    break
    assert os.statvfs(directory).f_bavail == 0
    return filler


def booked(database: Path) -> list[tuple[int, int]]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as books:
        return books.execute("SELECT receipt, total FROM sale ORDER BY receipt").fetchall()


def sell(till: TillOnAPty) -> None:
    """One piece for cash: item 9, Enter.

    Raises:
        NotSeen: the till did not show it as paid.
    """
    before = till.feed.view["receipt_number"]
    till.keys("9")
    till.feed.wait(lambda view: view["lines"] and view["stage"] == "selling", "a line", wait_s=3)
    till.keys("\r")
    till.feed.wait(lambda view: view["receipt_number"] > before, "the sale paid", wait_s=3)
    time.sleep(0.3)  # the same key within moments counts as one press


def test_a_full_disk_under_the_journal_stops_selling_in_a_sentence_and_loses_no_sale(
    office: RunningOffice,
) -> None:
    till = till_of(office, "T1", office.root / "till-1", disk="4m")
    try:
        till.feed.wait(lambda view: view["stage"] == "selling", "the till", wait_s=20)
        sell(till)
        filler = fill(till.state)
        for _ in range(200):
            if till.feed.view["stage"] == "stopped":
                break
            with contextlib.suppress(NotSeen):
                sell(till)
        till.says("disk-full")
        shown = dict(till.feed.receipts)
        till.keys("9\r")
        time.sleep(0.3)
        assert till.feed.view["stage"] == "stopped"
        assert till.feed.receipts == shown
        filler.unlink()
        till.feed.wait(lambda view: view["stage"] != "stopped", "the till to sell on", wait_s=10)
        if till.feed.view["lines"] and till.feed.view["stage"] == "selling":
            till.keys("\r")
            till.feed.wait(lambda view: view["stage"] == "paid", "the open basket paid")
            time.sleep(0.3)
        sell(till)
        till.feed.wait(lambda view: view["links"]["unsent"] == 0, "all sent", wait_s=20)
        assert len(till.feed.receipts) > len(shown)
        totals = {number: round(float(total) * 100) for number, total in till.feed.receipts.items()}
        assert dict(booked(office.state / "office.db")) == totals
        assert sorted(totals) == list(range(1, len(totals) + 1))
    finally:
        till.stop()
    office.command("report", "check")


class OfficeOnASmallDisk:
    """`backoffice serve` with its whole state on a disk of its own, copied there from `office`."""

    def __init__(self, office: RunningOffice) -> None:
        self.mount = office.root / "small"
        self.mount.mkdir()
        config = str(office.root / "office.toml")
        serve = f'cp -a "{office.state}/." "{self.mount}" && exec "$@"'
        words = [office.words()[0], "--config", config, "--state", str(self.mount), "serve"]
        small = on_small_disk(self.mount, "2m", ["sh", "-c", serve, "sh", *words])
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *small],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.state = inside(self.process.pid, self.mount)
        end = time.monotonic() + 15
        while not (self.state / "office.sock").exists():
            assert self.process.poll() is None, "the office did not start on the small disk"
            assert time.monotonic() < end
            time.sleep(0.05)

    def sql(self, statement: str) -> list[list[int]]:
        """Rows of the books on the small disk."""
        program = (
            "import json, sqlite3, sys;"
            "books = sqlite3.connect(f'file:{sys.argv[1]}/office.db?mode=ro', uri=True);"
            "print(json.dumps(books.execute(sys.argv[2]).fetchall()))"
        )
        words = [sys.executable, "-c", program, str(self.mount), statement]
        done = subprocess.run(
            [*entering(self.process.pid), *words], capture_output=True, timeout=20, check=False
        )
        assert done.returncode == 0, done.stderr
        rows: list[list[int]] = json.loads(done.stdout)
        return rows

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(15)


def test_a_full_disk_under_the_office_answers_busy_and_books_everything_once_when_there_is_room(
    office: RunningOffice,
) -> None:
    number = office.card("10.00")
    office.end_office()
    small = OfficeOnASmallDisk(office)
    scale = WireScale(office.enrolment("T2"), office.port, "T2")
    try:
        scale.sign_on()
        [[before]] = small.sql("SELECT count(*) FROM sale")
        filler = fill(small.state)
        sent = [scale.publish("s", scale.book.paid(new_op(), cash_sale(100))) for _ in range(40)]
        question = scale.book.intent(card_of(number), 300)
        assert scale.ask(question, tries=20).code == Code.BUSY
        assert small.sql("SELECT count(*) FROM sale") == [[before]]
        filler.unlink()
        end = time.monotonic() + 15
        while (answer := scale.ask(question)).code == Code.BUSY:
            assert time.monotonic() < end
            time.sleep(0.2)
        assert answer.code == Code.OK
        while small.sql("SELECT count(*) FROM sale") != [[before + len(sent)]]:
            assert time.monotonic() < end, "not everything was booked after the disk had room"
        balance = f"SELECT balance FROM account WHERE code = 'card/{number}/principal'"
        assert small.sql(balance) == [[700]]
        assert small.sql("SELECT sum(balance) FROM account") == [[0]]
    finally:
        scale.stop()
        small.stop()
