"""The server's loop over a pretend link: batches, acknowledgements, poison, a full disk."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from backoffice.beside import Beside
from backoffice.command_socket import Callers, listen
from backoffice.server import Server
from broker.client import Arrived, Link
from broker.codec import decode
from broker.messages import Answer, Code
from broker.sale import Line, Sale, Tender
from broker.seal import opened, sealed, split
from tests.backoffice.world import DAY, Scale, World, cash_sale, new_op


class PretendLink:
    """In place of the broker: hands over what was put in, keeps what comes out."""

    def __init__(self) -> None:
        self.waiting: list[Arrived] = []
        self.sent: list[tuple[str, bytes]] = []
        self.acknowledged: list[int] = []
        self.server: Server | None = None
        self._mid = 0

    def put(self, topic: str, frame: bytes, qos: int = 1) -> int:
        self._mid += 1
        self.waiting.append(Arrived(topic, frame, qos, self._mid, 1))
        return self._mid

    def pump(self, _timeout_s: float, also: tuple[socket.socket, ...] = ()) -> list[socket.socket]:
        if self.waiting and self.server is not None:
            self.server.arrived(self.waiting.pop(0))
        return []

    def publish(self, topic: str, payload: bytes, qos: int, *, correlation: bytes = b"") -> bool:
        self.sent.append((topic, payload))
        return True

    def acknowledge(self, arrived: Arrived) -> None:
        if arrived.qos:
            self.acknowledged.append(arrived.mid)


class Loop:
    """A server, its pretend link and its world."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.link = world, PretendLink()
        self.callers = Callers(listen(folder / "office.sock"))
        self.server = Server(world.desk, self.callers, lambda: world.now)
        self.link.server = self.server

    def turn(self) -> None:
        self.server.turn(cast("Link", self.link))


@pytest.fixture
def loop(world: World, tmp_path: Path) -> Iterator[Loop]:
    made = Loop(world, tmp_path)
    yield made
    made.callers.close()


def test_all_that_has_arrived_is_one_batch_and_acknowledged_after_it(
    loop: Loop, scale: Scale
) -> None:
    mids = [
        loop.link.put("u/S03-12/s", sealed(scale.paid(new_op(), cash_sale()), scale.key))
        for _ in range(30)
    ]
    loop.turn()
    assert loop.link.acknowledged == mids
    assert loop.world.count("sale") == 30
    assert [topic for topic, _ in loop.link.sent] == ["d/S03-12/k"]


def test_a_batch_is_at_most_five_hundred(loop: Loop, scale: Scale) -> None:
    for _ in range(620):
        loop.link.put("u/NOBODY/s", b"x")
    loop.turn()
    assert len(loop.link.acknowledged) == 500
    loop.turn()
    assert len(loop.link.acknowledged) == 620


def test_a_message_that_breaks_its_handler_is_set_aside_and_the_rest_go_on(
    loop: Loop, scale: Scale
) -> None:
    world = loop.world
    world.desk.store.report_text("DROP TRIGGER list_version_is_fixed")
    world.desk.store.report_text("UPDATE list_version SET content = x'c1'")
    first = loop.link.put("u/S03-12/s", sealed(scale.paid(new_op(), cash_sale()), scale.key))
    sign_on = scale.sign_on_question(epoch=1, last_seq=1, head=scale.prev, list_version=0)
    poison = loop.link.put("u/S03-12/a", sealed(sign_on, scale.key))
    last = loop.link.put("u/S03-12/s", sealed(scale.paid(new_op(), cash_sale()), scale.key))
    loop.turn()
    assert loop.link.acknowledged == [first, poison, last]
    assert world.count("sale") == 2
    assert world.quarantined() == ["broken-handler"]
    assert world.alerts() == ["broken-handler"]
    assert world.desk.store.directory.last_sign_on(
        world.desk.store.directory.terminal("S03-12")  # type: ignore[arg-type]
    ) == (b"", b"")


def test_numbers_beyond_all_measure_are_kept_as_they_are(loop: Loop, scale: Scale) -> None:
    line = Line(1, 10**9, 9, 10**12, 9, 10**12, 0, 0, 840)
    sale = Sale(1, DAY, 1, 7, 1, None, 0, 840, [line], [], [Tender(1, 840)])
    loop.link.put("u/S03-12/s", sealed(scale.paid(new_op(), sale), scale.key))
    loop.turn()
    assert loop.world.count("sale") == 1
    assert loop.world.quarantined() == []


def test_a_full_disk_answers_busy_acknowledges_nothing_and_loses_nothing(
    loop: Loop, scale: Scale
) -> None:
    world, card = loop.world, loop.world.card(10_000)
    _, [(pages,)] = world.desk.store.report_text("PRAGMA page_count")
    world.desk.store.report_text(f"PRAGMA max_page_count = {pages}")
    mids = [
        loop.link.put("u/S03-12/s", sealed(scale.paid(new_op(), cash_sale()), scale.key))
        for _ in range(200)
    ]
    question = sealed(scale.intent(card), scale.key)
    loop.link.put("u/S03-12/a", question, qos=0)
    loop.turn()
    assert loop.link.acknowledged == []
    [(topic, payload)] = loop.link.sent
    answer = decode(opened(payload, (scale.key,), split(question)[1])[0])
    assert isinstance(answer, Answer)
    assert (topic, answer.code) == ("d/S03-12/a", Code.BUSY)
    assert world.count("entry") == 0
    world.desk.store.report_text("PRAGMA max_page_count = 1000000")
    until = time.monotonic() + 5
    while not loop.link.acknowledged and time.monotonic() < until:
        loop.turn()
    assert loop.link.acknowledged == mids
    assert world.count("sale") == 200
    loop.link.put("u/S03-12/a", question, qos=0)
    loop.turn()
    assert world.balance(f"card/{card.card}/principal") == 9_160


def test_an_alert_is_told_at_the_broker_once_it_is_on_disk(loop: Loop, scale: Scale) -> None:
    scale.at = loop.world.now + 600_000
    question = scale.sign_on_question()
    loop.world.now -= 600_000
    loop.link.put("u/S03-12/a", sealed(question, scale.key), 0)
    loop.turn()
    loop.turn()
    [event] = [json.loads(frame) for topic, frame in loop.link.sent if topic == "e/a"]
    assert event["word"] == "clock-skew"
    assert (event["terminal"], event["card"], event["id"]) == ("S03-12", "", 1)
    assert event["detail"] == "its clock is 600 s from ours"


def test_a_timetable_is_kept_and_what_waits_too_long_is_told(loop: Loop) -> None:
    world = loop.world
    world.command("store.save", code="S03", upload="asked")
    beside = Beside(collect_at=(14 * 60,))  # it is 14:00 there
    server = Server(world.desk, loop.callers, lambda: world.now, beside=beside)
    server.turn(cast("Link", loop.link))
    asked = [topic for topic, _ in loop.link.sent]
    assert asked == ["d/S03-12/k", "d/S03-13/k"]
    terminal = world.desk.store.directory.terminal("S03-12")
    assert terminal is not None
    with world.desk.store.transaction():
        world.desk.store.directory.seen(
            terminal, at=world.now, state=1, unsent=7, upload=1, waits_since=world.now
        )
    world.now += 27 * 3_600_000
    again = Server(world.desk, loop.callers, lambda: world.now, beside=Beside())
    again.turn(cast("Link", loop.link))
    [event] = [json.loads(frame) for topic, frame in loop.link.sent if topic == "e/a"]
    assert (event["word"], event["terminal"]) == ("not-collected", "S03-12")
    assert event["detail"] == "7 records wait, the oldest for 27 hours"
