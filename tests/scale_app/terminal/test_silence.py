"""The office does not answer, or answers and confirms nothing; the disk is nearly full."""

import os
from pathlib import Path

import pytest

from broker.codec import decode
from broker.messages import Kind, Question
from broker.seal import split
from scale_app.view import LinkState, Stage
from tests.scale_app.terminal.stall import Stall, drop, sales

GB = 1_000_000_000


@pytest.fixture
def stall(tmp_path: Path) -> Stall:
    return Stall(tmp_path)


def net(stall: Stall) -> str:
    return stall.view.links.net


def test_after_one_customer_without_an_answer_the_next_one_does_not_wait(stall: Stall) -> None:
    """A link that is half open takes every frame and brings nothing back."""
    card = stall.issue(100)
    stall.keys("8")
    stall.wire.up = drop
    stall.tap(card)
    stall.wait(6.1)
    assert (stall.view.stage, stall.said) == (Stage.REFUSED, "not-charged")
    assert net(stall) == LinkState.OFF
    stall.keys("=")
    stall.keys("8")
    stall.tap(card)
    assert stall.said == "card-offline", "this customer has waited for nobody"
    stall.keys("=")
    assert stall.view.stage is Stage.PAID
    stall.settle()
    assert net(stall) == LinkState.OK
    assert (stall.balance(card), sales(stall)) == ("100.00", 2)


def test_an_office_that_answers_again_is_asked_again(stall: Stall) -> None:
    card = stall.issue(100)
    stall.keys("8")
    stall.wire.up = drop
    stall.tap(card)
    stall.wait(6.1)
    stall.wire.up = lambda _topic, frame: frame
    stall.wait(8)
    assert net(stall) == LinkState.OK
    stall.tap(card)
    assert (stall.view.stage, stall.said) == (Stage.PAID, "paid-card")


def test_records_that_nobody_confirms_are_told_of_after_six_tries(stall: Stall) -> None:
    """The office is there, signs the till on, answers; no receipt for a record ever comes."""
    stall.wire.down = lambda topic, frame: None if topic.endswith("/k") else frame
    stall.keys("9=")
    said = []
    for _ in range(40):
        stall.wait(10)
        said += [stall.said] if stall.said == "not-confirmed" else []
    assert said, stall.said
    assert stall.core._books is not None
    assert stall.core._books.office.uploader.tries >= 6
    stall.wire.down = lambda _topic, frame: frame
    stall.wait(330)
    assert stall.view.links.unsent == 0
    stall.keys("9=")
    assert sales(stall) == 1


def test_who_is_stuck_signs_on_again_once(stall: Stall) -> None:
    """Where two journals part shows at a sign-on; the office may offer a new epoch there."""

    def no_receipts(topic: str, frame: bytes) -> bytes | None:
        return None if topic.endswith("/k") else frame

    stall.wire.down = no_receipts
    stall.keys("9=")
    stall.wait(60)
    begun = len(stall.wire.sent)
    for _ in range(40):
        stall.wait(10)
    asked = [decode(split(one)[0]) for topic, one in stall.wire.sent[begun:] if topic[-2:] == "/a"]
    assert [one.kind for one in asked if isinstance(one, Question)] == [Kind.SIGN_ON]


def test_one_record_that_comes_late_alarms_nobody(stall: Stall) -> None:
    stall.wire.up = drop
    stall.keys("9=")
    stall.wait(30)
    stall.wire.up = lambda _topic, frame: frame
    stall.wait(60)
    assert stall.view.links.unsent == 0
    assert stall.said != "not-confirmed"


def test_a_disk_that_cannot_be_asked_is_not_told_of(
    stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_path: object) -> None:
        raise OSError("gone")

    monkeypatch.setattr(os, "statvfs", gone)
    stall.wait(61)
    assert stall.said != "disk-low"


class Room:
    """What statvfs says of a disk."""

    f_frsize = 4096

    def __init__(self, free: int, whole: int) -> None:
        self.f_bavail, self.f_blocks = free // self.f_frsize, whole // self.f_frsize


@pytest.mark.parametrize(
    ("free", "whole", "is_told"),
    [(GB // 2, 8 * GB, True), (GB, 8 * GB, False), (2 * GB, 1000 * GB, False)],
)
def test_a_disk_with_less_than_a_tenth_left_is_told_before_it_is_full(
    stall: Stall, monkeypatch: pytest.MonkeyPatch, *, free: int, whole: int, is_told: bool
) -> None:
    monkeypatch.setattr(os, "statvfs", lambda _path: Room(free, whole))
    stall.wait(61)
    assert (stall.said == "disk-low") is is_told
    stall.keys("9=")
    assert stall.view.stage is Stage.PAID
    stall.wait(120)
    assert stall.said != "disk-low", "said once an hour and not at every look"
