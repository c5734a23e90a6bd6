"""The disk fails at any write or sync of a sale: each side says so, loses nothing, doubles nothing.

A part of the moments; STEELYARD_SWEEP=all for every one. The programs go on running meanwhile.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from backoffice.reports.check import check
from broker.codec import decode
from broker.messages import Answer, Code
from broker.seal import opened, sealed, split
from scale_app.view import Stage
from tests.backoffice.test_server import Loop
from tests.backoffice.world import Scale, World, cash_sale, new_op
from tests.powercut.recorder import IO_ERROR, NO_ROOM, Faulty, Recorder
from tests.scale_app.terminal.stall import Stall, sales

ALL = os.environ.get("STEELYARD_SWEEP") == "all"
STEP = 1 if ALL else 23
FAULTS = {"io-error": IO_ERROR, "no-room": NO_ROOM}
SAYS = {"io-error": {"journal-broken"}, "no-room": {"disk-full", "not-charged", "not-saved", ""}}
"""Nothing is said when the till has found its reserve, has gone on and waits for the next key."""
NEVER = 10**9


def moments(count: int) -> range:
    assert count > 10, "hardly any write was seen: the sweep proves nothing"
    return range(1, count + 1, STEP)


class Till:
    """A card sale and a cash sale at a till whose disk fails from a chosen call on."""

    def __init__(self, folder: Path, fault: tuple[int, int]) -> None:
        self.recorder, self.fault = Recorder(folder / "till"), fault
        with self.recorder.installed():
            self.stall = Stall(folder)
            self.card = self.stall.issue(100)
            self.stall.settle()

    def sell(self, first: int) -> tuple[int, set[str]]:
        """How many sales were shown as paid, and what was said instead of the others."""
        self.recorder.faulty = Faulty(first, *self.fault)
        shown, said = 0, set()
        for card in (True, False):
            self.stall.keys("8" if card else "9")
            if card:
                self.stall.tap(self.card)
            else:
                self.stall.keys("=")
            if self.stall.view.stage is Stage.PAID:
                shown += 1
            else:
                said.add(self.stall.said)
        self.stall.wait(2)
        return shown, said

    def again(self) -> None:
        """A disk that works, and a till that is started on it."""
        self.recorder.faulty = None
        self.stall.kill()
        self.stall.start()
        self.stall.settle()


def calls_of_a_sale(folder: Path) -> int:
    till = Till(folder, IO_ERROR)
    shown, _ = till.sell(NEVER)
    assert shown == 2
    return till.recorder.calls


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", FAULTS)
def test_a_till_whose_disk_fails_at_any_write_says_so_and_loses_nothing(
    tmp_path: Path, name: str
) -> None:
    stopped = 0
    for first in moments(calls_of_a_sale(tmp_path / "whole")):
        folder = tmp_path / str(first)
        till = Till(folder, FAULTS[name])
        shown, said = till.sell(first)
        assert said <= SAYS[name], first
        assert shown == 2 or said, f"at {first} nobody was told"
        stopped += bool(said)
        till.again()
        kept = till.stall.journal.last_sales(9)
        assert shown <= len(kept) <= 2, first
        assert sales(till.stall) == len(kept), first
        by_card = sum(one.sale.total == 500 for one in kept)
        assert till.stall.balance(till.card) == f"{100 - 5 * by_card}.00", first
        assert check(till.stall.office.desk.store, 0, 99999999).differences == (), first
        shutil.rmtree(folder)
    assert stopped, "no sale was stopped: the faults prove nothing"


@dataclass
class Office:
    """A card question and an upload at an office whose disk fails from a chosen call on."""

    world: World
    loop: Loop
    recorder: Recorder
    scale: Scale
    asked: bytes = b""

    def ask(self) -> list[int]:
        """Question and uploads are on their way; the numbers of what is to be acknowledged."""
        card, op = self.world.card(), new_op()
        self.asked = sealed(self.scale.intent(card, 840, op), self.scale.key)
        bodies = (self.scale.paid(op), self.scale.paid(new_op(), cash_sale()))
        self.loop.link.put("u/S03-12/a", self.asked, 0)
        return [self.loop.link.put("u/S03-12/s", sealed(one, self.scale.key)) for one in bodies]

    def codes(self) -> list[int]:
        """Codes of all answers to the question so far."""
        found = []
        for topic, payload in self.loop.link.sent:
            if topic == "d/S03-12/a":
                answer = decode(opened(payload, (self.scale.key,), split(self.asked)[1])[0])
                assert isinstance(answer, Answer)
                found.append(answer.code)
        return found


def office(folder: Path) -> Office:
    folder.mkdir()
    recorder = Recorder(folder)
    with recorder.installed():
        world = World(folder)
        scale = Scale(world)
        scale.sign_on()
    return Office(world, Loop(world, folder), recorder, scale)


def turned(
    it: Office, first: int, fault: tuple[int, int]
) -> tuple[list[int], list[int], list[int]]:
    """Answers, what was acknowledged and what had to be, while the disk fails."""
    mids = it.ask()
    it.recorder.faulty = Faulty(first, *fault)
    for _ in range(3):
        it.loop.turn()
    return it.codes(), list(it.loop.link.acknowledged), mids


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", FAULTS)
def test_an_office_whose_disk_fails_at_any_write_answers_busy_and_acknowledges_nothing(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backoffice.server.RETRY_AFTER_S", 0.0)
    whole = office(tmp_path / "whole")
    codes, acknowledged, mids = turned(whole, NEVER, IO_ERROR)
    assert (codes, acknowledged) == ([Code.OK], mids)
    stopped = 0
    for first in moments(whole.recorder.calls):
        it = office(tmp_path / str(first))
        codes, acknowledged, mids = turned(it, first, FAULTS[name])
        assert set(codes) <= {Code.BUSY, Code.OK}, first
        assert codes, f"at {first} nobody was answered"
        if Code.OK in codes:
            assert it.world.count("operation") == 1, first
        else:
            assert acknowledged == [], first
            stopped += 1
        it.recorder.faulty = None
        _healed(it, codes, mids)
        shutil.rmtree(tmp_path / str(first))
    assert stopped, "nothing was stopped: the faults prove nothing"


def _healed(it: Office, codes: list[int], mids: list[int]) -> None:
    """There is room again: the scale asks once more with the same bytes, and all is booked once."""
    if Code.OK not in codes:
        it.loop.link.put("u/S03-12/a", it.asked, 0)
    for _ in range(4):
        it.loop.turn()
    assert set(it.loop.link.acknowledged) == set(mids)
    assert it.world.count("sale") == 2
    assert check(it.world.desk.store, 0, 99999999).differences == ()
