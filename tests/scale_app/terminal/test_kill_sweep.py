"""A kill, or an error of the disk, at each write and sync of a sale: nothing lost, nothing doubled.

A part of the moments; STEELYARD_SWEEP=all for every one. strace kills; where it may not trace, the
tests are skipped and say so. Sends are not among the calls: till and office share a process.
"""

import os
import shutil
import subprocess
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest

from backoffice.reports.check import check
from scale_app.journal.store import Journal
from tests.house.tree import ROOT
from tests.scale_app.terminal.killed import reopened
from tests.scale_app.terminal.stall import PretendCard, Stall, sales

CALLS = ("pwrite64", "fdatasync", "fsync", "ftruncate", "unlink")
STEP = 1 if os.environ.get("STEELYARD_SWEEP") == "all" else 10
APART = 2 * STEP - 1
KILLED = 137
CHARGED = "the card holds something else than was bought"


@dataclass(frozen=True)
class Prepared:
    """Files of a till that has signed on, and a card with 100.00."""

    folder: Path
    card: PretendCard


def traced(call: str, record: Path, words: list[str], inject: str = "") -> tuple[int, list[str]]:
    """Exit code and lines of a process whose `call`s are traced, injected when told."""
    trace = ["strace", "-f", "-y", "-qq", "-o", str(record), "-e", f"trace={call}"]
    tail = ["-e", f"inject={call}:{inject}"] if inject else []
    done = subprocess.run(
        [*trace, *tail, *words], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    code = KILLED if done.returncode in (-9, KILLED) else done.returncode
    assert code in (0, KILLED) or (inject.startswith("error=") and code == 1), done.stderr
    return code, done.stdout.split()


@pytest.fixture(scope="module", autouse=True)
def _strace_works(tmp_path_factory: pytest.TempPathFactory) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: no kill at a system call was tried")
    record = tmp_path_factory.mktemp("probe") / "trace"
    probe = ["strace", "-f", "-qq", "-o", str(record), "-e", "trace=unlink"]
    probe += ["-e", "inject=unlink:signal=KILL:when=1", "unlink", str(record) + ".none"]
    if subprocess.run(probe, capture_output=True, timeout=60, check=False).returncode not in (
        -9, KILLED,
    ):  # fmt: skip
        pytest.skip("strace may not trace here: no kill at a system call was tried")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    folder = tmp_path_factory.mktemp("prepared")
    stall = Stall(folder)
    card = stall.issue(100)
    stall.settle()
    stall.kill()
    stall.office.desk.store.close()
    return Prepared(folder, card)


def run(prepared: Prepared, folder: Path, call: str, inject: str = "") -> tuple[int, list[str]]:
    """The two sales on a copy of the prepared files; what was shown as paid."""
    shutil.copytree(prepared.folder, folder)
    word, card = uuid.uuid4().hex, prepared.card
    words = [sys.executable, "-m", "tests.scale_app.terminal.killed", str(folder), word]
    words += [str(card.number), str(card.seq), card.token.hex()]
    code, said = traced(call, folder / "trace", words, inject)
    assert said[:1] == [word] or (code == KILLED and not said), "this is not our child"
    return code, said[1:]


@pytest.fixture(scope="module")
def moments(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, int]]:
    """Every call of an undisturbed run, as (call, which one)."""
    folder, found = tmp_path_factory.mktemp("undisturbed"), []
    for call in CALLS:
        code, said = run(prepared, folder / call, call)
        assert (code, said) == (0, ["card", "cash"])
        lines = (folder / call / "trace").read_text().splitlines()
        count = sum(f" {call}(" in line for line in lines)
        found += [(call, n) for n in range(1, count + 1)]
    written = (folder / "pwrite64" / "trace").read_text()
    assert "/office.db-wal>" in written
    assert "/journal.db-wal>" in written
    return found


def wrong(prepared: Prepared, folder: Path, said: list[str]) -> list[str]:
    """After a restart of both: what does not agree; empty when all is well."""
    stall = reopened(folder, 2)
    stall.settle()
    kept = stall.journal.last_sales(10)
    by_card = sum(one.sale.total == 500 for one in kept)
    in_cash = sum(one.sale.total == 100 for one in kept)
    faults = []
    if by_card > 1 or in_cash > 1 or sales(stall) != len(kept):
        faults.append("a sale is doubled, or the office has another number of them")
    if ("card" in said and not by_card) or ("cash" in said and not in_cash):
        faults.append("a sale that was shown as paid is lost")
    if stall.balance(prepared.card) != f"{100 - 5 * by_card}.00":
        faults.append(CHARGED)
    if stall.office.balance("drawer/S03-12") != -100 * in_cash:
        faults.append("the drawer holds something else than was bought")
    faults += [str(one) for one in check(stall.office.desk.store, 0, 99999999).differences]
    stall.kill()
    stall.office.desk.store.close()
    return faults


def swept(prepared: Prepared, folder: Path, chosen: list[tuple[str, int]]) -> dict[str, list[str]]:
    """What is wrong after a kill at each of the moments; each must have killed."""
    found = {}
    for call, n in chosen:
        place = folder / f"{call}-{n}"
        code, said = run(prepared, place, call, f"signal=KILL:when={n}")
        assert code == KILLED, f"nothing was killed at {call} {n}"
        if faults := wrong(prepared, place, said):
            found[f"{call} {n}"] = faults
        shutil.rmtree(place)
    return found


@pytest.mark.timeout(1200)
def test_a_kill_at_any_write_or_sync_loses_nothing_and_doubles_nothing(
    prepared: Prepared, moments: list[tuple[str, int]], tmp_path: Path
) -> None:
    assert len(moments) > 20, "hardly any write was seen: the sweep proves nothing"
    assert swept(prepared, tmp_path, moments[::STEP]) == {}


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("error", "first"), [("EIO", 3), ("ENOSPC", 8)])
def test_a_write_or_sync_that_fails_loses_nothing_and_doubles_nothing(
    prepared: Prepared, moments: list[tuple[str, int]], tmp_path: Path, error: str, first: int
) -> None:
    """That call and all after it fail; then the disk is good again and both are started."""
    every = [one for one in moments if one[0] in ("pwrite64", "fdatasync")]
    stopped = 0
    for call, n in every[first % APART :: APART]:
        place = tmp_path / f"{error}-{call}-{n}"
        code, said = run(prepared, place, call, f"error={error}:when={n}+")
        assert "(INJECTED)" in (place / "trace").read_text(), "nothing was injected"
        assert wrong(prepared, place, said) == [], f"{error} at {call} {n}, exit {code}"
        stopped += said != ["card", "cash"]
        shutil.rmtree(place)
    assert stopped, "no sale was stopped by any of the errors: the sweep proves nothing"


@pytest.mark.timeout(1200)
def test_a_till_that_forgets_its_open_intents_is_found(
    prepared: Prepared,
    moments: list[tuple[str, int]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: the start takes nothing back, so some moment must leave a charge unpaid."""
    monkeypatch.setattr(Journal, "undo_open_intents", lambda *_: [])
    every = [one for one in moments if one[0] == "fdatasync"]
    found = next(filter(None, (swept(prepared, tmp_path, [one]) for one in every)), {})
    assert [CHARGED in faults for faults in found.values()] == [True]
