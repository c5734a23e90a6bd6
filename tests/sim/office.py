"""The office in the simulated world: the program's own server on a disk in memory."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, cast

from backoffice.commands.table import keep_inside
from backoffice.handlers.desk import Desk
from backoffice.second_journal import SecondJournal
from backoffice.server import MOST_IN_BATCH, Server
from backoffice.store import Store
from backoffice.store.functions import add_functions
from broker.client import Arrived, Link
from broker.topics import ALERTS
from tests.sim.agenda import Agenda
from tests.sim.disk import Memory, PowerCut, copied, failing
from tests.sim.market import MASTER, SIGNING
from tests.sim.net import Net
from tests.sim.purses import judge

SERVE_MS = 2
AGAIN_MS = 250
Answered = Callable[[dict[str, Any]], None]


class Callers:
    """People at the office's command line."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Answered, bytes]] = []

    def sockets(self) -> tuple[()]:
        """Nothing to wait for."""
        return ()

    def ready(self, _sockets: object) -> list[tuple[Answered, bytes]]:
        """Their commands, whole lines."""
        lines, self.waiting = self.waiting, []
        return lines

    def answer(self, caller: Answered, answer: dict[str, Any]) -> None:
        """What came of one."""
        caller(answer)


class OfficeLink:
    """The server's link to the simulated network."""

    def __init__(self, office: "Office") -> None:
        self._office = office

    def pump(self, _timeout_s: float, _also: object = ()) -> list[object]:
        """Whatever arrives is put into the inbox by the network itself."""
        return []

    def publish(
        self, topic: str, payload: bytes, qos: int, *, retain: bool = False,
        correlation: bytes = b"",
    ) -> bool:  # fmt: skip
        """Hands a frame to the network."""
        del retain, correlation
        self._office.count_step()
        if topic != ALERTS:
            self._office.net.down(topic, payload, qos)
        return True

    def acknowledge(self, arrived: Arrived) -> None:
        """The broker need not keep that message any more."""
        self._office.unacknowledged.pop(arrived.mid, None)


class Office:
    """Books, server and people at the desk; goes down and comes up again."""

    def __init__(
        self, agenda: Agenda, net: Net, chance: Random, *, books: Memory, second: Path
    ) -> None:
        self.agenda, self.net, self._chance = agenda, net, chance
        self.books = books
        self._second = second
        second.unlink(missing_ok=True)
        self.is_on = False
        self.starts = 0
        self.clock_ahead = 0
        self.keeps_messages = True
        """The broker keeps QoS 1 for the office while it is down."""
        self.unacknowledged: dict[int, Arrived] = {}
        self._mids = itertools.count(1)
        self._tokens = itertools.count(0x2000)
        self._turn_due = False
        self._steps_left = 0
        self.after_turn: Callable[[], None] = lambda: None
        self.on_stop: Callable[[], None] = lambda: None
        self.backup: Memory | None = None
        net.to_office = self.arrive

    def now(self) -> int:
        """The office's clock, Unix milliseconds."""
        return self.agenda.wall + self.clock_ahead

    def start(self) -> None:
        """The program starts on what is on the disk."""
        self.starts += 1
        self._booted = self.agenda.now
        self.callers = Callers()
        add_functions(self.books)
        self.store = Store(self.books)
        second = SecondJournal(self._second)
        self.desk = Desk(
            self.store, MASTER, SIGNING,
            lambda: next(self._tokens).to_bytes(8, "big"),
            carry=keep_inside, second=second, judge_tac=judge,
        )  # fmt: skip
        with self.store.transaction():
            pass
        second.catch_up(self.store.office.after(0))
        self.server = Server(
            self.desk, cast("Any", self.callers), self.now,
            mono=lambda: (self.agenda.now - self._booted) / 1000,
        )  # fmt: skip
        self._link = OfficeLink(self)
        self.is_on = True
        for message in self.unacknowledged.values():
            self.server.arrived(message)
        self._turn_soon()

    def stop(self) -> None:
        """The power goes; what was in memory is gone."""
        self.is_on = False
        self._steps_left = 0
        self.books.close()
        if not self.keeps_messages:
            self.unacknowledged.clear()
        self.on_stop()

    def arrive(self, topic: str, frame: bytes, qos: int) -> None:
        """A frame from the network."""
        message = Arrived(topic, frame, qos, next(self._mids), 1)
        if qos and (self.is_on or self.keeps_messages):
            self.unacknowledged[message.mid] = message
        if self.is_on:
            self.server.arrived(message)
            self._turn_soon()

    def command(self, name: str, said: dict[str, Any], answered: Answered) -> None:
        """Somebody at the desk does something; lost when the office is down."""
        if self.is_on:
            self.callers.waiting.append((answered, json.dumps({"do": name, "with": said}).encode()))
            self._turn_soon()

    def _turn_soon(self, wait_ms: int = SERVE_MS) -> None:
        if not self._turn_due:
            self._turn_due = True
            self.agenda.after(wait_ms, "office turn", self._turn)

    def _turn(self) -> None:
        self._turn_due = False
        if not self.is_on:
            return
        try:
            self.server.turn(cast("Link", self._link))
        except PowerCut:
            self.stop()
            return
        self.after_turn()
        waits = self.server._inbox or self.callers.waiting
        if waits or self.server._replay_at < float("inf"):
            self._turn_soon(AGAIN_MS if len(self.server._inbox) < MOST_IN_BATCH else SERVE_MS)

    def fail_at_statement(self, number: int) -> None:
        """The disk will fail at the n-th statement."""
        self.books.at_statement(number, failing, instead=True)

    def cut_after_sends(self, number: int) -> None:
        """The power will go between two sends."""
        self._steps_left = number

    def count_step(self) -> None:
        """One more frame is about to go out."""
        if self._steps_left:
            self._steps_left -= 1
            if self._steps_left == 0:
                raise PowerCut

    def save_backup(self) -> None:
        """The nightly copy."""
        if self.backup is not None:
            self.backup.discard()
        self.backup = copied(self.books)

    def restore(self) -> None:
        """The disk was lost: yesterday's copy is put in its place."""
        assert self.backup is not None, "only what was copied can be restored"
        self.books.discard()
        self.books = copied(self.backup)
