"""The till signs its journal and brings the signatures to the office, whatever the line does."""

import logging
import sqlite3
from pathlib import Path

import msgspec
import pytest

from backoffice.alerts import Alert
from backoffice.reports.audit import audit
from backoffice.store import open_read_only
from broker.codec import decode, encode
from broker.heads import SignedHead
from broker.messages import Answer, Batch, Welcome
from broker.seal import opened, sealed, split
from scale_app.journal.signing_key import read_key
from scale_app.terminal.reports import close_shift
from tests.scale_app.terminal.stall import Stall, drop
from tests.scale_app.terminal.test_recovery import restore


@pytest.fixture
def stall(tmp_path: Path) -> Stall:
    return Stall(tmp_path)


def sell(stall: Stall, count: int = 1) -> None:
    for _ in range(count):
        stall.keys("9=")


def kept(stall: Stall) -> list[tuple[int, int]]:
    """(epoch, seq) of the signatures at the office."""
    _, rows = stall.office.desk.store.report_text("SELECT epoch, seq FROM signed_head")
    return sorted(rows)


def heads_sent(stall: Stall) -> int:
    """Number of signatures in the frames that the till has sent."""
    found = 0
    for topic, frame in stall.wire.sent:
        message = decode(split(frame)[0]) if topic.endswith("/s") else None
        bodies = message.bodies if isinstance(message, Batch) else [split(frame)[0]]
        found += sum(isinstance(decode(body), SignedHead) for body in bodies if message)
    return found


def z(stall: Stall) -> None:
    """A Z, as the key for it makes one."""
    books = stall.core._books
    assert books is not None
    close_shift(books, stall.core._desk)
    books.office.grew(stall.mono)


def settled(stall: Stall) -> None:
    stall.settle()
    stall.wait(35)


def test_a_z_is_signed_and_its_signature_rides_with_it(stall: Stall) -> None:
    sell(stall, 2)
    settled(stall)
    before = len([topic for topic, _ in stall.wire.sent if topic.endswith("/s")])
    z(stall)
    stall.wait(5)
    frames = [topic for topic, _ in stall.wire.sent if topic.endswith("/s")]
    assert len(frames) == before + 1
    assert kept(stall)[-1] == (1, 3)
    assert stall.office.alerts() == []


def test_the_first_entry_fifty_entries_and_an_hour_are_signed(stall: Stall) -> None:
    sell(stall)
    settled(stall)
    assert kept(stall) == [(1, 1)]
    sell(stall, 49)
    settled(stall)
    assert kept(stall) == [(1, 1)]
    sell(stall)
    settled(stall)
    assert kept(stall) == [(1, 1), (1, 51)]
    sell(stall)
    settled(stall)
    assert kept(stall)[-1] == (1, 51)
    stall.mono += 3600
    stall.wait(31)
    assert kept(stall)[-1] == (1, 52)


def test_a_signature_is_sent_until_the_office_says_that_it_keeps_it(stall: Stall) -> None:
    sell(stall)
    stall.wait(2)
    z(stall)
    stall.wire.down = lambda topic, frame: None if topic.endswith("/k") else frame
    stall.wait(60)
    assert heads_sent(stall) > 3
    stall.wire.down = lambda _topic, frame: frame
    stall.wait(60)
    settled(stall)
    count = heads_sent(stall)
    stall.wait(700)
    assert heads_sent(stall) == count, "and not after that"
    assert stall.office.count("signed_head") == 2


def test_what_was_signed_without_a_line_is_brought_when_there_is_one(stall: Stall) -> None:
    stall.cut()
    sell(stall, 120)
    z(stall)
    settled(stall)
    assert kept(stall) == [(1, 1), (1, 51), (1, 101), (1, 121)]
    assert audit(open_read_only(stall.office.path), [], bytes(32)).findings == ()


def test_an_office_put_back_to_a_backup_gets_the_signatures_again(
    stall: Stall, tmp_path: Path
) -> None:
    sell(stall)
    settled(stall)
    backup = tmp_path / "backup.db"
    source, target = sqlite3.connect(stall.office.path), sqlite3.connect(backup)
    source.backup(target)
    source.close()
    target.close()
    sell(stall, 2)
    z(stall)
    settled(stall)
    before = kept(stall)
    stall.cut()
    restore(stall, backup)
    assert kept(stall) == before[:1]
    settled(stall)
    assert kept(stall) == before
    assert stall.office.alerts() == []


def test_an_office_that_keeps_no_signatures_is_sent_none(stall: Stall) -> None:
    def older(topic: str, frame: bytes) -> bytes:
        """The answer to the sign-on as an older office wrote it, without its last field."""
        question = next((f for t, f in reversed(stall.wire.sent) if t.endswith("/a")), b"")
        key = stall.settings.enrolment.mac_key
        if not topic.endswith("/a"):
            return frame
        covers = split(question)[1]
        answer = decode(opened(frame, [key], covers)[0])
        if not isinstance(answer, Answer) or not isinstance(answer.content, Welcome):
            return frame
        body = msgspec.msgpack.decode(encode(answer))
        body[7] = body[7][:12]
        return sealed(msgspec.msgpack.encode(body), key, covers)

    stall.cut()
    stall.wire.down = older
    stall.connect()
    sell(stall, 3)
    z(stall)
    stall.wait(100)
    assert heads_sent(stall) == 0
    assert stall.view.links.unsent == 0
    assert stall.office.quarantined() == []


@pytest.mark.parametrize("damage", [b"", bytes(64), None])
def test_a_key_file_that_is_gone_or_damaged_is_a_new_key_and_selling_goes_on(
    stall: Stall, damage: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    sell(stall)
    settled(stall)
    file = stall.settings.state_directory / "journal.key"
    before = file.read_bytes()
    stall.kill()
    file.unlink()
    if damage is not None:
        file.write_bytes(damage)
    with caplog.at_level(logging.WARNING):
        stall.start()
    assert "a new signing key" in caplog.text
    assert file.read_bytes() != before
    sell(stall)
    settled(stall)
    assert kept(stall) == [(1, 1), (1, 2)]
    assert stall.office.alerts() == [Alert.JOURNAL_KEY]
    assert stall.journal.standing().epoch == 1


def test_without_a_place_for_a_key_the_till_sells_and_signs_nothing(stall: Stall) -> None:
    stall.kill()
    file = stall.settings.state_directory / "journal.key"
    file.unlink()
    (file.with_name("journal.key.new") / "in the way").mkdir(parents=True)
    stall.start()
    sell(stall)
    settled(stall)
    assert stall.office.count("sale") == 1
    assert kept(stall) == []
    assert stall.office.alerts() == [Alert.JOURNAL_KEY]


def test_the_secret_half_is_nowhere_but_in_its_file(
    stall: Stall, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        sell(stall, 2)
        z(stall)
        settled(stall)
        stall.kill()
    file = stall.settings.state_directory / "journal.key"
    key = read_key(file)
    assert key is not None
    secret, public = file.read_bytes()[:32], key.public
    places = [path for path in tmp_path.rglob("*") if path.is_file() and path != file]
    content = {path.name: path.read_bytes() for path in places}
    assert any(public in one for one in content.values()), "the search finds what is there"
    assert [name for name, one in content.items() if secret in one] == []
    assert not any(secret in frame for _, frame in stall.wire.sent)
    assert secret.hex() not in caplog.text
    assert repr(secret)[2:-1] not in caplog.text


def test_an_epoch_that_ends_is_signed_before_it_does(stall: Stall, tmp_path: Path) -> None:
    """An old copy of the journal is put back: what both had is signed, and the new epoch, too."""
    sell(stall, 2)
    settled(stall)
    stall.kill()
    file = stall.settings.state_directory / "journal.db"
    copy = {path.name: path.read_bytes() for path in file.parent.glob("journal.db*")}
    stall.start()
    sell(stall, 3)
    settled(stall)
    stall.kill()
    for left in file.parent.glob("journal.db*"):
        left.unlink()
    for name, content in copy.items():
        (file.parent / name).write_bytes(content)
    stall.start()
    settled(stall)
    sell(stall)
    settled(stall)
    assert stall.journal.standing().epoch == 2
    assert kept(stall) == [(1, 1), (1, 2), (2, 1)]
    assert stall.office.alerts() == [Alert.JOURNAL_FORK]
    assert audit(open_read_only(stall.office.path), [], bytes(32)).findings == ()


def test_frames_lost_on_the_way_up_are_sent_again(stall: Stall) -> None:
    sell(stall)
    settled(stall)
    stall.wire.up = drop
    z(stall)
    stall.wait(20)
    assert kept(stall)[-1] == (1, 1)
    settled(stall)
    assert kept(stall)[-1] == (1, 2)
