"""The office collects: the real till, office and broker, with kills and a cut wire in between.

STEELYARD_COLLECTED=5000 for the full size, and the time that it takes is printed.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.backoffice.test_live import rows, until
from tests.scale_app.test_outage import Outage
from tests.scale_app.test_whole_till import paid

WAITING = int(os.environ.get("STEELYARD_COLLECTED", "600"))


class Branch(Outage):
    """A stall whose store is collected from; beside its till a scale that never answers."""

    def upload(self, word: str) -> None:
        """Another way holds, and the till has said so."""
        self.office.command("store", "set", "S03", "--upload", word)
        said = 1 if word == "asked" else 0
        until(self.office, "SELECT upload FROM terminal WHERE code = 'T1'", [(said,)])

    def collecting(self, *words: str) -> subprocess.Popen[str]:
        """`backoffice collect`, running."""
        line = self.office.words("collect", *words, "--json")
        return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def collected(self, *words: str) -> tuple[int, list[dict[str, Any]]]:
        """What it ends with, and its rows."""
        return ended(self.collecting(*words))

    def queue(self, count: int) -> None:
        """So many sales wait at the till, which is online."""
        self.fill(count)
        self.start()
        self.ready()
        self.wait("what waits", lambda v: v["links"]["unsent"] == count)

    def pay_by_card(self) -> None:
        """One piece."""
        before = self.feed.view["receipt_number"]
        self.key("item 9")
        self.wait("a line", lambda v: v["stage"] == "selling" and len(v["lines"]) == 1)
        self.tap()
        self.wait("paid", lambda v: paid(v) and v["receipt_number"] > before)
        self.pull()

    def close_shift(self) -> None:
        """The Z."""
        for key in ("shift", "shift", "enter"):
            self.key(key)
            time.sleep(0.2)
        self.wait("a closed shift", lambda v: (v["message"] or {}).get("code") == "shift-closed")

    def stored(self) -> list[int]:
        """Kinds of the till's entries in the books."""
        sql = "SELECT e.kind FROM entry AS e JOIN terminal AS t ON t.id = e.terminal"
        return [int(str(kind)) for (kind,) in rows(self.office, f"{sql} WHERE t.code = 'T1'")]


def ended(collect: subprocess.Popen[str]) -> tuple[int, list[dict[str, Any]]]:
    said, why = collect.communicate(timeout=100)
    assert collect.returncode in (0, 1, 75), why
    found: list[dict[str, Any]] = json.loads(said)
    return collect.returncode, found


@pytest.fixture(scope="module")
def branch() -> Iterator[Branch]:
    with tempfile.TemporaryDirectory(prefix="sy-") as folder:
        found = Branch(Path(folder))
        try:
            found.ready()
            found.upload("asked")
            yield found
        finally:
            found.close()


def test_a_shift_waits_and_is_collected_and_its_z_agrees(branch: Branch) -> None:
    branch.sell()
    branch.pay_by_card()
    branch.sell()
    branch.close_shift()
    time.sleep(3)
    assert (branch.booked(), branch.stored(), branch.balance()) == (0, [1], 5000 - 98)
    code, [row] = branch.collected("--terminal", "T1")
    assert (code, row["state"], row["z"]) == (0, "delivered", "agrees")
    assert (row["records"], row["sales"], row["total"], row["waiting"]) == (4, 3, 3 * 98, 0)
    assert (branch.booked(), branch.balance()) == (3, 5000 - 98)
    branch.agree()
    code, [row] = branch.collected("--terminal", "T1")
    assert (code, row["records"], branch.booked()) == (0, 0, 3), "the second time brings nothing"


@pytest.mark.parametrize("after_s", [0.05, 0.15])
def test_a_till_killed_in_the_middle_loses_and_doubles_nothing(
    branch: Branch, after_s: float
) -> None:
    before = branch.booked()
    branch.queue(WAITING)
    collect = branch.collecting("--terminal", "T1")
    until(branch.office, "SELECT count(*) FROM terminal WHERE asked > collected", [(1,)])
    time.sleep(after_s)
    branch.kill()
    branch.start()
    code, [row] = ended(collect)
    assert (code, row["state"], row["sales"]) == (0, "delivered", WAITING)
    assert branch.booked() == before + WAITING
    branch.agree()


@pytest.mark.parametrize("after_s", [0.05, 0.15])
def test_an_office_killed_in_the_middle_loses_and_doubles_nothing(
    branch: Branch, after_s: float
) -> None:
    before = branch.booked()
    branch.queue(WAITING)
    collect = branch.collecting("--terminal", "T1")
    until(branch.office, "SELECT count(*) FROM terminal WHERE asked > collected", [(1,)])
    time.sleep(after_s)
    branch.office.kill_office()
    branch.office.start_office()
    code, [row] = ended(collect)
    assert (code, row["state"], branch.booked()) == (0, "delivered", before + WAITING)
    branch.agree()


def test_a_cut_wire_is_told_and_the_branch_delivers_when_it_is_whole(branch: Branch) -> None:
    before = branch.booked()
    branch.sell()
    branch.link.cut()
    branch.wait("offline", lambda v: v["links"]["net"] == "off")
    branch.sell()
    began = time.monotonic()
    code, told = branch.collected("--store", "S03", "--wait", "3")
    assert code == 75
    assert 3 < time.monotonic() - began < 15
    assert {row["terminal"]: row["state"] for row in told} == {"T1": "silent", "T2": "silent"}
    done = subprocess.run(
        branch.office.words("collect", "--terminal", "T1", "--wait", "1"),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 75
    assert "silent" in done.stdout
    branch.link.restore()
    branch.feed.wait(lambda v: v["links"]["unsent"] == 0, "what was asked for", wait_s=30)
    assert branch.booked() == before + 2


def test_switching_back_with_sales_waiting_sends_them(branch: Branch) -> None:
    before = branch.booked()
    branch.ready()
    branch.sell()
    time.sleep(2)
    assert branch.booked() == before
    branch.upload("at-once")
    branch.all_sent()
    assert branch.booked() == before + 1
    branch.upload("asked")


def test_without_a_server_nothing_is_asked(branch: Branch) -> None:
    branch.office.end_office()
    done = subprocess.run(
        branch.office.words("collect", "--all"), capture_output=True, text=True, check=False
    )
    assert (done.returncode, "backoffice serve" in done.stderr) == (69, True)
    branch.office.start_office()


@pytest.mark.timeout(240)
def test_what_has_waited_long_is_there_in_seconds(
    branch: Branch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = branch.booked()
    branch.queue(WAITING)
    began = time.monotonic()
    code, [row] = branch.collected("--terminal", "T1")
    took = time.monotonic() - began
    with capsys.disabled():
        sys.stdout.write(f"\n{WAITING} waiting sales collected in {took:.1f} s\n")
    assert (code, row["sales"], branch.booked()) == (0, WAITING, before + WAITING)
    assert took < 30
    branch.agree()
