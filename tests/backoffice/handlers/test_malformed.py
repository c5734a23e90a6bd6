"""Bytes that are no message of ours: counted, kept, answered where possible, never a crash."""

import random

import msgspec
import pytest

from broker.codec import Form, decode, encode
from broker.messages import Answer, Code, Heartbeat, Kind, Refused
from broker.seal import opened, sealed, split
from tests.backoffice.world import Scale, World, cash_sale, new_op


def answer_to(scale: Scale, frame: bytes, covers: bytes) -> Answer:
    [out] = scale.world.receive(f"u/{scale.terminal}/a", frame)
    message = decode(opened(out.payload, (scale.key,), covers)[0])
    assert isinstance(message, Answer)
    return message


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (b"", "malformed"),
        (b"x" * 70_000, "malformed"),
        (b"short", "malformed"),
        (b"\x9a" + bytes(40), "bad-seal"),
        (b"[1,1]\nnot hex at all, thirty-two chars", "bad-seal"),
        (b'[1,20,"S03-12"]\n' + b"00" * 16, "bad-seal"),
        (b"\xff\xfe\xfd" * 20, "bad-seal"),
        (b"[\xff\xfe]\n" + b"00" * 16, "bad-seal"),
    ],
    ids=["empty", "huge", "short", "zeros", "no hex", "wrong mac", "noise", "not UTF-8"],
)  # fmt: skip
def test_a_frame_without_a_fitting_seal_is_kept_counted_and_refused(
    world: World, scale: Scale, frame: bytes, reason: str
) -> None:
    [out] = world.receive("u/S03-12/a", frame)
    covers = b""
    if len(frame) >= 16 and not frame.startswith(b"["):
        covers = frame[-16:]
    elif frame.endswith(b"00" * 16):
        covers = bytes(16)
    message = decode(opened(out.payload, (scale.key,), covers)[0])
    assert isinstance(message, Answer)
    assert (message.to, message.rid) == (0, bytes(16))
    assert world.quarantined() == [reason]
    assert world.desk.store.notes.counters() == {f"quarantine.{reason}": 1}
    [row] = world.desk.store.notes.quarantined(1)
    assert row[5] == len(frame)
    assert len(row[6]) <= 64 * 1024


def body(version: object = 1, kind: object = 1, *rest: object) -> bytes:
    return msgspec.msgpack.encode([version, kind, *rest])


ENTRY: tuple[object, ...] = ("S03-12", 1, 1, bytes(16), 1_795_500_000_000, bytes(16), 1, [])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (body(0, 1, *ENTRY), Code.VERSION),
        (body(2, 1, *ENTRY), Code.VERSION),
        (body(2**40, 20), Code.VERSION),
        (body(1, 99), Code.MALFORMED),
        (body("1", 1), Code.MALFORMED),
        (body(1, None), Code.MALFORMED),
        (body(1, 1, *ENTRY), Code.MALFORMED),
        (body(1, 2, "S03-12", -1, 1, bytes(16), 0, bytes(16), 1, [1]), Code.MALFORMED),
        (body(1, 2, "S03-12", 1, 2**70 % 2**63, b"x", 0, bytes(16), 1, [1]), Code.MALFORMED),
        (body(1, 20, "S03-12", bytes(16), 0, ["a"]), Code.MALFORMED),
        (b'[1,20,"S03-12","\xff"]', Code.MALFORMED),
        (b"[[[[[[[[" * 100, Code.MALFORMED),
        (b"\x91" * 3000, Code.MALFORMED),
        (b"\xc1garbage-garbage-garbage", Code.MALFORMED),
        (body(1, 100, 0, bytes(16), 0, 0, 0, [""]), Code.MALFORMED),
        (body(1, 30, [body(1, 30, [b"x"])]), Code.MALFORMED),
        (body(1, 30, []), Code.MALFORMED),
    ],
)
def test_a_genuine_frame_that_cannot_be_read_is_refused_by_its_reason(
    world: World, scale: Scale, content: bytes, code: Code
) -> None:
    frame = sealed(content, scale.key)
    answer = answer_to(scale, frame, split(frame)[1])
    assert (answer.to, answer.code) == (0, code)
    assert isinstance(answer.content, Refused)
    assert world.quarantined() == [code.name.lower().replace("_", "-")]
    assert world.count("entry") == 0


def test_an_entry_that_names_another_terminal_is_refused(world: World, scale: Scale) -> None:
    other = Scale(world, "S03-13")
    foreign = other.paid(new_op(), cash_sale())
    frame = sealed(foreign, scale.key)
    assert answer_to(scale, frame, split(frame)[1]).code == Code.WRONG_TERMINAL
    assert world.count("sale") == 0


def test_another_terminals_key_opens_nothing(world: World, scale: Scale) -> None:
    other = Scale(world, "S03-13")
    frame = sealed(scale.paid(new_op(), cash_sale()), other.key)
    world.receive("u/S03-12/s", frame)
    assert world.quarantined() == ["bad-seal"]
    assert world.count("sale") == 0


def test_a_topic_of_nobody_is_kept_and_not_answered(world: World) -> None:
    assert world.receive("u/NOBODY/a", b"hello") == []
    assert world.receive("u/S03-12", b"hello") == []
    assert world.receive("something/else/a", b"hello") == []
    assert world.quarantined() == ["unknown-terminal"] * 3


def test_a_suspended_terminal_is_told_so_and_booked_after_it_resumed(
    world: World, scale: Scale
) -> None:
    paid = sealed(scale.paid(new_op(), cash_sale()), scale.key)
    world.command("terminal.suspend", terminal="S03-12")
    assert answer_to(scale, paid, split(paid)[1]).code == Code.SUSPENDED
    assert world.count("sale") == 0
    world.command("terminal.suspend", terminal="S03-12", suspended=False)
    world.receive("u/S03-12/s", paid)
    assert world.count("sale") == 1


def test_a_new_enrolment_makes_the_old_key_worthless(world: World, scale: Scale) -> None:
    world.command("terminal.enrol", terminal="S03-12")
    world.receive("u/S03-12/s", sealed(scale.paid(new_op(), cash_sale()), scale.key))
    assert world.quarantined() == ["bad-seal"]


def test_good_bodies_of_a_batch_are_booked_beside_a_bad_one(world: World, scale: Scale) -> None:
    first, second = scale.paid(new_op(), cash_sale()), scale.paid(new_op(), cash_sale())
    scale.send("s", scale.batch(first, body(7, 1), second))
    assert world.count("sale") == 2
    assert world.quarantined() == ["version"]


def test_a_question_on_the_sales_channel_is_not_answered_as_one(world: World, scale: Scale) -> None:
    out = scale.send("s", body(1, 21, "S03-12", bytes(16), 0, [1]))
    assert [one.topic for one in out] == ["d/S03-12/a"]
    assert world.quarantined() == ["malformed"]


def test_the_quarantine_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backoffice.store.notes.MOST_QUARANTINED", 5)
    for number in range(20):
        world.receive("u/NOBODY/a", b"%d" % number)
    assert world.count("quarantine") == 5
    assert world.desk.store.notes.counters()["quarantine.unknown-terminal"] == 20


def test_a_heartbeat_is_noted(world: World, scale: Scale) -> None:
    beat = Heartbeat(1, Kind.HEARTBEAT, "S03-12", world.now, 1, 1, 5, 3, 1, "test")
    assert scale.send("h", encode(beat, Form.JSON)) == []
    row = next(row for row in world.desk.store.directory.terminals() if row[0] == "S03-12")
    assert row[6:] == (world.now, 1, 3, -1, world.now)


def test_noise_in_a_genuine_frame_never_breaks_the_office(world: World, scale: Scale) -> None:
    chance = random.Random(20261124)
    good = scale.paid(new_op(), cash_sale())
    for _ in range(400):
        noisy = bytearray(good)
        for _ in range(chance.randint(1, 4)):
            noisy[chance.randrange(len(noisy))] = chance.randrange(256)
        scale.send(chance.choice("as"), bytes(noisy))
    _, rows = world.desk.store.report_text("SELECT sum(balance) FROM account")
    assert rows[0][0] == 0
    assert world.count("sale") >= 1
