"""A till that goes on in a new epoch: what was said about the old one counts for the old one."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from backoffice.reports.check import check
from broker.codec import decode
from broker.messages import Answer, Batch, Entry, Kind
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


def copy_of(stall: Stall) -> sqlite3.Connection:
    """The office's books as a backup has them."""
    kept = sqlite3.connect(":memory:")
    stall.office.desk.store._connection.backup(kept)
    return kept


def put_back(stall: Stall, kept: sqlite3.Connection) -> None:
    """The office goes on with the backup."""
    stall.cut()
    before = sales(stall)
    kept.backup(stall.office.desk.store._connection)
    stall.office.desk.forget()
    assert sales(stall) < before
    stall.connect()


def agrees(stall: Stall) -> None:
    """Books and journal hold the same, and nothing was called a fault."""
    stall.settle()
    assert check(stall.office.desk.store, 0, 99_999_999).differences == ()
    assert set(stall.office.alerts()) <= {"journal-fork", "stand-in"}


def test_an_office_put_back_to_before_a_new_epoch_gets_the_sales_of_the_old_one_too(
    tmp_path: Path,
) -> None:
    stall = Stall(tmp_path)
    card = stall.issue(100)
    stall.keys("9=9=")
    stall.settle()
    kept = copy_of(stall)
    stall.keys("8=")
    stall.keys("8")
    stall.tap(card)
    stall.settle()
    assert (sales(stall), stall.balance(card)) == (4, "95.00")
    begin_epoch(stall)
    stall.cut()
    stall.keys("<9=")
    stall.settle()
    assert (sales(stall), stall.journal.standing().epoch) == (5, 3)
    put_back(stall, kept)
    agrees(stall)
    assert (sales(stall), stall.balance(card)) == (5, "95.00")
    sent = len(stall.wire.sent)
    stall.cut()
    stall.settle()
    again = [topic for topic, _ in stall.wire.sent[sent:] if topic.endswith("/s")]
    assert again == [], "what is there is not sent again at each sign-on"


def test_an_old_epoch_that_was_lost_as_a_whole_comes_back(tmp_path: Path) -> None:
    stall = Stall(tmp_path)
    kept = copy_of(stall)
    stall.keys("9=" * 3)
    stall.settle()
    for epoch in (3, 5):
        begin_epoch(stall)
        stall.cut()
        stall.keys("<" + "8=" * 120)
        stall.settle()
        assert stall.journal.standing().epoch == epoch
    assert sales(stall) == 243
    put_back(stall, kept)
    agrees(stall)
    assert sales(stall) == 243


def test_a_payment_whose_question_stands_in_the_old_epoch_comes_back_once(tmp_path: Path) -> None:
    """The question had its receipt, the payment none: it was entered in the new epoch."""
    stall = Stall(tmp_path)
    card = stall.issue(100)
    stall.keys("9=")
    stall.settle()
    kept = copy_of(stall)
    stall.wire.up = deaf_to_uploads
    stall.keys("8")
    stall.tap(card)
    assert "paid" in stall.said
    begin_epoch(stall)
    stall.cut()
    stall.settle()
    assert (sales(stall), stall.journal.standing().epoch) == (2, 3)
    put_back(stall, kept)
    agrees(stall)
    assert (sales(stall), stall.balance(card)) == (2, "95.00")


def test_an_office_that_confirms_nothing_of_the_old_epoch_does_not_stop_the_new_one(
    tmp_path: Path,
) -> None:
    stall = Stall(tmp_path)
    kept = copy_of(stall)
    stall.keys("9=9=9=")
    stall.settle()
    begin_epoch(stall)
    stall.cut()
    stall.settle()

    def deaf_to_the_old(topic: str, frame: bytes) -> bytes | None:
        said = decode(split(frame)[0])
        bodies = said.bodies if isinstance(said, Batch) else [split(frame)[0]]
        entries = [decode(one) for one in bodies]
        is_old = any(isinstance(one, Entry) and one.epoch < 3 for one in entries)
        return None if is_old else frame

    stall.wire.up = deaf_to_the_old
    put_back(stall, kept)
    stall.keys("8=")
    stall.wait(300)
    assert sales(stall) == 1
    assert stall.view.links.unsent == 0
    stall.cut()
    agrees(stall)
    assert sales(stall) == 4
