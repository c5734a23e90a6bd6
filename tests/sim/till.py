"""One till in the simulated world: the program's core, its reader, its link, its power switch."""

from collections import deque
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from broker.client import Arrived
from broker.heads import HeadKey
from broker.seal import terminal_key
from scale_app.config import (
    Enrolment,
    EnrolmentBroker,
    ReaderTable,
    Settings,
    TerminalFile,
    TillTable,
)
from scale_app.journal.store import Journal
from scale_app.terminal import happened
from scale_app.terminal.clock import Clock
from scale_app.terminal.core import Core
from scale_app.terminal.purse_till import PurseTill
from scale_app.view import Stage
from tests.sim import pan
from tests.sim.agenda import Agenda
from tests.sim.cards import Card
from tests.sim.disk import Memory, PowerCut, TillDisk, copied, failing, power_cut
from tests.sim.market import MASTER, SIGNING, empty_journal
from tests.sim.net import Line, Net
from tests.sim.purses import Purse, Talk, goes_at
from tests.sim.reader import SimReader

IDLE_MS = 30_000
MOST_HURRIES = 100
"""A core that is due again at once for so many turns eats its processor."""


def settings(code: str, folder: Path) -> Settings:
    """As from a till.toml and an enrolment; the printer has no paper, which loses no sale."""
    (folder / code).mkdir()
    (folder / code / "receipts").touch()
    public = Ed25519PrivateKey.from_private_bytes(SIGNING).public_key().public_bytes_raw()
    terminal = TerminalFile(
        terminal=code, organisation="Riverside Market", store=code[:3], store_name="Store",
        stall="Zhang", currency="CNY", exponent=2, zone="Asia/Shanghai", cutoff_hour=4,
        key_number=1, broker=EnrolmentBroker(host="127.0.0.1", port=1),
    )  # fmt: skip
    enrolment = Enrolment(
        terminal=terminal, directory=folder, mac_key=terminal_key(MASTER, code, 1),
        office_key=public,
    )  # fmt: skip
    return Settings(
        till=TillTable(enrolment="", cashier=7, tap="pay"), scale=pan.TABLE,
        reader=ReaderTable(name="none"), host="127.0.0.1", port=1, enrolment=enrolment,
        state_directory=folder / code,
    )  # fmt: skip


class Till:
    """A till that can lose its power, its link and its disk."""

    def __init__(
        self, agenda: Agenda, net: Net, chance: Random, code: str, *, folder: Path, seed: int
    ) -> None:
        self.agenda, self.net, self._chance, self.code = agenda, net, chance, code
        self.settings = settings(code, folder)
        key = HeadKey(sha256(f"{code} of seed {seed}".encode()).digest())
        self.disk = TillDisk(empty_journal(), key)
        self.pan = pan.Pan(self, Random(chance.random()))
        self.line = net.lines[code] = Line()
        net.to_till[code] = self.arrive
        self.is_on = False
        self.starts = 0
        self.clock_ahead = 0
        self.card: Card | Purse | None = None
        self.talk: Talk | None = None
        """With the purse that lies here, for as long as it stays."""
        self.tap = 0
        self.tears: Callable[[], bool] = lambda: False
        self.watch: Callable[[Till], None] = lambda _till: None
        self.on_cut: Callable[[Till], None] = lambda _till: None
        self.faults: list[str] = []
        """Errors that the program had no name for."""
        self.disk_failed = False
        self.copy: Memory | None = None
        """The disk as somebody copied it."""
        self.lost: list[Memory] = []
        """Disks that were taken out, for the world's eyes."""
        self._queue: deque[happened.Happened] = deque()
        self._wake_at = 0
        self._hurries = 0
        self._sends_left = self._talks_left = 0
        self._booted = 0

    # Power.

    def start(self) -> None:
        """Somebody switches it on."""
        self.starts += 1
        self.is_on, self.disk_failed = True, False
        self._queue.clear()
        self._booted = self.agenda.now
        clock = Clock(self.seconds, self._wall, self._chance.randbytes)
        self.core = Core(
            self.settings, self._put, clock, self._connect, disk=self.disk,
            reader=SimReader(self), scale=pan.SimScale(self.settings),
        )  # fmt: skip
        self._guarded(self.core.open)
        if self.is_on:
            self.turn()

    def cut(self) -> None:
        """The power goes, or the program is killed."""
        if not self.is_on:
            return
        self.is_on = False
        self.line.up = self.line.silent = self.line.deaf = False
        self._sends_left = self._talks_left = 0
        self.disk.database.close()
        self.on_cut(self)

    def cut_at_statement(self, number: int) -> None:
        """The power will go at the n-th statement of the journal."""
        self.disk.database.at_statement(number, power_cut, instead=False)

    def cut_at_commit(self, number: int, *, before: bool) -> None:
        """The power will go right before or after the n-th commit of the journal."""
        self.disk.database.at_statement(number, power_cut, instead=before, only="COMMIT")

    def fail_at_statement(self, number: int) -> None:
        """The disk will fail at the n-th statement of the journal."""

        def fail(sql: str) -> None:
            self.disk_failed = True
            failing(sql)

        self.disk.database.at_statement(number, fail, instead=True)

    def cut_after_sends(self, number: int) -> None:
        """The power will go between two sends."""
        self._sends_left = number

    def cut_after_talks(self, number: int) -> None:
        """The power will go right after the n-th command to a purse."""
        self._talks_left = number

    def swap_disk(self) -> None:
        """The old copy takes the disk's place; the till is dark."""
        assert self.copy is not None and not self.is_on, "copied before, and dark"  # noqa: PT018
        self.lost.append(self.disk.database)
        self.disk.database = copied(self.copy)

    def moment(self, within: tuple[int, int]) -> int:
        """Some milliseconds of this till's chance."""
        return self._chance.randint(*within)

    def seconds(self) -> float:
        """Since the start, as its programs count them."""
        return 1.0 + (self.agenda.now - self._booted) / 1000

    def _wall(self) -> int:
        return self.agenda.wall + self.clock_ahead

    # The link.

    def _connect(
        self, _settings: Settings, _will: bytes | None, _put: Callable[[happened.Happened], None]
    ) -> "TillLink":
        return TillLink(self)

    def connect(self) -> None:
        """The link comes up."""
        if self.is_on and not self.line.up and self.core._link is not None:
            self.line.up, self.line.silent, self.line.deaf = True, False, False
            self.turn(happened.LinkTurned(connected=True, why="connected"))

    def disconnect(self) -> None:
        """The link is seen to be down."""
        if self.is_on and self.line.up:
            self.line.up = self.line.silent = self.line.deaf = False
            self.turn(happened.LinkTurned(connected=False, why="cut"))

    def arrive(self, topic: str, frame: bytes, qos: int) -> None:
        """A frame from the network."""
        if self.is_on:
            self.turn(happened.MessageCame(Arrived(topic, frame, qos, 0, 1)))

    def send(self, topic: str, payload: bytes, qos: int) -> bool:
        """The program hands a frame to its link."""
        if self._sends_left:
            self._sends_left -= 1
            if self._sends_left == 0:
                raise PowerCut
        return self.net.up(self.code, topic, payload, qos)

    # Cards.

    def put_card(self, card: Card | Purse) -> None:
        """A card onto the reader."""
        self.card, card.at = card, self.code
        self.tap += 1
        if isinstance(card, Purse):
            goes = goes_at(self._chance) if self.tears() else 0
            starts = self.starts
            self.talk = Talk(card, goes, lambda: self.is_on and self.starts == starts)
            self.talk.power_goes_in, self._talks_left = self._talks_left, 0
        self.turn(happened.CardCame(self.tap))

    def lift_card(self) -> None:
        """The card is taken away."""
        if self.card is not None:
            self.forget_card()
            self.turn(happened.CardWent(self.tap))

    def forget_card(self) -> None:
        """Nothing lies on the reader any more, and nobody was told."""
        if self.card is not None:
            self.card.at, self.card, self.talk = "", None, None

    # The program's turn.

    def _put(self, event: happened.Happened) -> None:
        self._queue.append(event)
        if isinstance(event, happened.DebitWanted):
            self.turn()
            event.gate.refuse()  # who has no word by now is dead

    def turn(self, event: happened.Happened | None = None) -> None:
        """The core handles the event, whatever follows from it, and what is due."""
        if not self.is_on:
            return
        if event is not None:
            self._queue.append(event)
        while self._queue and self.is_on:
            one = self._queue.popleft()
            self._guarded(lambda: self.core.handle(one))  # noqa: B023  called at once
            self._looked_at()
        self._guarded(self.core.tick)
        self._looked_at()
        if self.is_on:
            self._wake_later()

    def _looked_at(self) -> None:
        if self.is_on:
            self.watch(self)

    def _guarded(self, work: Callable[[], None]) -> None:
        """As the program's own loop does it, but the power may go."""
        try:
            work()
        except PowerCut:
            self.cut()
        except Exception as error:  # noqa: BLE001  as the till's loop
            if not self.disk_failed:
                self.faults.append(f"{type(error).__name__}: {error}")
            self.core.stop_selling(type(error).__name__)

    def _wake_later(self) -> None:
        now = self.agenda.now
        due = now + IDLE_MS
        books = self.core._books
        if books is not None and self.stage is not Stage.STOPPED:
            for one in (books.office.next_due(), books.teller.next_due()):
                if one is not None:
                    due = min(due, self._booted + round((one - 1.0) * 1000) + 1)
        elif self.stage is Stage.STOPPED:
            due = now + 1_100
        due = max(due, now + 1)
        self._hurries = self._hurries + 1 if due == now + 1 else 0
        if self._hurries == MOST_HURRIES:
            self.faults.append(f"turns without a pause, {self.stage.name} at {now} ms")
        if now < self._wake_at <= due:
            return
        self._wake_at = due
        started = self.starts

        def wake() -> None:
            if started == self.starts and self._wake_at == due:
                self.turn()

        self.agenda.after(due - now, f"tick {self.code}", wake)

    # What is to be seen.

    @property
    def stage(self) -> Stage:
        """What the screen is about."""
        return self.core._desk.stage

    @property
    def said(self) -> str:
        """Word of the sentence on the screen."""
        message = self.core._desk.message
        return message.code if message else ""

    @property
    def purse(self) -> PurseTill:
        """What it knows of purses."""
        assert self.core._books is not None, "opened before"
        return self.core._books.teller.purse

    @property
    def journal(self) -> Journal:
        """The open journal."""
        assert self.core._books is not None, "opened before"
        return self.core._books.journal


class TillLink:
    """The core's link."""

    def __init__(self, till: Till) -> None:
        self._till = till

    def publish(self, topic: str, payload: bytes, qos: int, *, retain: bool = False) -> bool:
        """Hands a frame to the network; false when the link is down."""
        del retain
        return self._till.send(topic, payload, qos)

    def acknowledge(self, arrived: Arrived) -> None:
        """Nobody waits for it here."""

    def stop(self) -> None:
        """The program ended in order."""
        self._till.line.up = False
