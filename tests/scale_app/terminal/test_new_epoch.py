"""A till that goes on in a new epoch: what was said about the old one counts for the old one."""

from collections.abc import Callable
from pathlib import Path

from broker.codec import decode
from broker.messages import Answer, Kind
from broker.seal import split
from tests.scale_app.terminal.stall import Stall, sales


def begin_epoch(stall: Stall) -> None:
    """The office takes the till's epoch for ended, as after a lost disk that had gone on."""
    store = stall.office.desk.store
    terminal = store.directory.terminal("S03-12")
    assert terminal is not None
    with store.transaction():
        store.directory.raise_epoch(terminal, terminal.epoch + 1)


def deaf_to_uploads(topic: str, frame: bytes) -> bytes | None:
    """For `up`: the office hears questions, and no uploads."""
    return None if topic.endswith("/s") else frame


def without(*kinds: Kind) -> Callable[[str, bytes], bytes | None]:
    """For `down`: receipts, and answers to those kinds, are lost."""

    def down(topic: str, frame: bytes) -> bytes | None:
        said = decode(split(frame)[0])
        lost = topic.endswith("/k") or (isinstance(said, Answer) and said.to in kinds)
        return None if lost else frame

    return down


def in_new_epoch(stall: Stall) -> None:
    """The link comes back; six sales later than the last receipt nothing is uploaded yet."""
    stall.cut()
    stall.keys("<" + "9=" * 6)
    begin_epoch(stall)
    stall.wire.up, stall.wire.down = deaf_to_uploads, lambda _topic, frame: frame
    stall.connect()
    stall.wait(5)


def held(stall: Stall) -> int:
    """Up to which entry of the third epoch the office holds everything."""
    store = stall.office.desk.store
    terminal = store.directory.terminal("S03-12")
    assert terminal is not None
    return store.journal.mark(terminal, 3).upto


def test_the_answer_to_a_reversal_of_the_old_epoch_receipts_nothing_in_the_new_one(
    tmp_path: Path,
) -> None:
    stall = Stall(tmp_path)
    stall.keys("9=9=9=")
    stall.settle()
    stall.wire.down = without(Kind.INTENT, Kind.REVERSING)
    stall.keys("8")
    stall.tap(stall.issue())
    stall.wait(20)
    assert len(stall.journal.open_undos()) == 1
    in_new_epoch(stall)
    assert stall.journal.open_undos() == []
    standing = stall.journal.standing()
    assert (standing.epoch, standing.upto) == (3, held(stall))
    stall.settle()
    assert sales(stall) == 9


def test_a_late_approval_of_the_old_epoch_receipts_nothing_in_the_new_one(tmp_path: Path) -> None:
    stall = Stall(tmp_path)
    stall.keys("9=9=9=")
    stall.settle()
    stall.wire.up = deaf_to_uploads
    stall.cut()
    stall.keys("9=" * 6)
    stall.connect()
    answers: list[tuple[str, bytes]] = []

    def hold(topic: str, frame: bytes) -> bytes | None:
        said = decode(split(frame)[0])
        if isinstance(said, Answer) and said.to == Kind.INTENT:
            answers.append((topic, frame))
            return None
        return frame

    stall.wire.down = hold
    stall.keys("8")
    stall.tap(stall.issue())
    stall.cut()
    begin_epoch(stall)
    stall.connect()
    assert stall.journal.standing().epoch == 3
    stall.wire.down = lambda _topic, frame: frame
    stall.wire.deliver(*answers[0])
    stall.pump()
    assert "paid" in stall.said
    standing = stall.journal.standing()
    assert (standing.epoch, standing.upto) == (3, held(stall))
