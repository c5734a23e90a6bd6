"""A till without doors against a real office without a broker; time moves when told.

The core is the product's own, settings as from an enrolment; scale and reader are absent, cards are
put on the queue as the card door would put them. The wire between the two can lose, hold or spoil.
"""

import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from broker.client import Arrived
from broker.codec import decode
from broker.messages import Entry
from broker.seal import terminal_key
from broker.units import decimal_text
from card.atr import CardFamily
from card.layout import CardKind, Slot, SlotState
from card.read import TappedCard
from scale_app.config import (
    Enrolment,
    EnrolmentBroker,
    ReaderTable,
    Settings,
    TerminalFile,
    TillTable,
)
from scale_app.events import Key, KeyPressed
from scale_app.journal.store import Journal
from scale_app.terminal.clock import Clock
from scale_app.terminal.core import Core
from scale_app.terminal.happened import (
    CardCame,
    CardRead,
    CardWent,
    Happened,
    LinkTurned,
    MessageCame,
)
from scale_app.view import TillView
from tests.backoffice.world import MASTER, World

TERMINAL = "S03-12"
MARKET = """
[organisation]
name = "Riverside Market"
currency = "CNY"
exponent = 2
zone = "Asia/Shanghai"
cutoff_hour = 4
issuer = 6200
levels = ["shelf", "silver", "gold"]
[[store]]
id = "S03"
name = "Store three"
[[terminal]]
id = "S03-12"
store = "S03"
stall = "Zhang"
[[cashier]]
number = 7
name = "Zhang San"
[[product]]
plu = 9
name_zh = "鸡蛋"
name_en = "Eggs"
base = "pc"
prices = ["1.00", "0.90", "0.80"]
key = "9"
[[product]]
plu = 8
name_zh = "瓜"
name_en = "Melon"
base = "pc"
prices = ["5.00"]
key = "8"
"""

_taps = itertools.count(1)


@dataclass
class Wire:
    """The way to the office and back; `up` and `down` say what becomes of a frame."""

    office: World
    put: Callable[[Happened], None]
    up: Callable[[str, bytes], bytes | None] = lambda _topic, frame: frame
    down: Callable[[str, bytes], bytes | None] = lambda _topic, frame: frame
    is_up: bool = True
    sent: list[tuple[str, bytes]] = field(default_factory=list)
    held: list[MessageCame] = field(default_factory=list)

    def publish(self, topic: str, payload: bytes, qos: int, *, retain: bool = False) -> bool:
        del qos, retain
        if not self.is_up:
            return False
        self.sent.append((topic, payload))
        frame = self.up(topic, payload)
        if frame is not None:
            for out in self.office.receive(topic, frame):
                self.deliver(out.topic, out.payload)
        return True

    def deliver(self, topic: str, payload: bytes) -> None:
        frame = self.down(topic, payload)
        if frame is not None:
            self.put(MessageCame(Arrived(topic, frame, 0, 0, 1)))

    def hold(self, topic: str, frame: bytes) -> None:
        """For `down`: the frame comes when `release` is called."""
        self.held.append(MessageCame(Arrived(topic, frame, 0, 0, 1)))

    def release(self) -> None:
        """What was held arrives now, twice: late and double."""
        for message in self.held * 2:
            self.put(message)
        self.held.clear()

    def acknowledge(self, arrived: Arrived) -> None:
        """QoS is the broker's business."""

    def stop(self) -> None:
        self.is_up = False


@dataclass
class PretendCard:
    """A card as issued; `seq` and `token` are what stands on the chip."""

    number: int
    kind: int
    level: int
    seq: int
    token: bytes

    def tapped(self) -> TappedCard:
        slots = (Slot(SlotState.VALID, self.seq, self.token), Slot(SlotState.VALID, 0, bytes(8)))
        return TappedCard(
            self.number, b"abcd", CardFamily.M1_1K, CardKind(self.kind), self.level,
            20260101, 20991231, 1, slots,
        )  # fmt: skip


class Stall:
    """One till, one office, one clock."""

    def __init__(
        self, folder: Path, tap: str = "pay", *, office: World | None = None, chance: int = 1
    ) -> None:
        self.folder = folder
        self.office = office or World(folder, MARKET)
        self.mono, self.skew_ms = 1000.0, 0
        self.queue: deque[Happened] = deque()
        self.wire = Wire(self.office, self.queue.append)
        self.settings = settings(folder, tap)
        self.dice = itertools.count(chance)
        self.start()

    def start(self) -> None:
        """A start of the program, connected."""
        clock = Clock(lambda: self.mono, lambda: self.office.now + self.skew_ms, self._dice)
        self.wire.is_up = True
        self.core = Core(self.settings, self.queue.append, clock, self._connect)
        self.core.open()
        if self.core._books is not None:
            self.connect()

    def _dice(self, count: int) -> bytes:
        return next(self.dice).to_bytes(10, "big")[-count:].rjust(count, b"\0")

    def _connect(
        self, _settings: Settings, _will: bytes | None, put: Callable[[Happened], None]
    ) -> Wire:
        self.wire.put = put
        return self.wire

    def connect(self) -> None:
        """The link comes up."""
        self.wire.is_up = True
        self.queue.append(LinkTurned(connected=True, why="connected"))
        self.pump()

    def cut(self) -> None:
        """The link goes down."""
        self.wire.is_up = False
        self.queue.append(LinkTurned(connected=False, why="cut"))
        self.pump()

    def kill(self) -> None:
        """The program ends without a word; the queue is gone."""
        assert self.core._books is not None
        self.core._books.journal.close()
        self.queue.clear()
        self.wire.held.clear()

    def pump(self) -> None:
        """Everything that is on the queue, and what is due."""
        for _ in range(200):
            while self.queue:
                self.core.handle(self.queue.popleft())
            self.core.tick()
            if not self.queue:
                return
        raise AssertionError("the queue never empties")

    def wait(self, seconds: float) -> None:
        """Time passes, a tenth of a second at a time."""
        for _ in range(round(seconds * 10)):
            self.mono += 0.1
            self.office.now += 100
            self.pump()

    def keys(self, text: str) -> None:
        """Hot keys, `=` is ENTER, `<` is BACK, `s` SHIFT."""
        named = {"=": Key.ENTER, "<": Key.BACK, "s": Key.SHIFT}
        for character in text:
            self.wait(0.2)
            key = named.get(character, Key.ITEM)
            self.queue.append(KeyPressed(key, character if key is Key.ITEM else ""))
            self.pump()

    def issue(self, yuan: int = 100, *, kind: int = 3, level: int = 1) -> PretendCard:
        """A card, by the office's own issuing."""
        tender = self.office.card(yuan * 100, kind=kind, level=level)
        assert tender.card is not None
        return PretendCard(tender.card, kind, level, tender.token_seq, tender.token)

    def tap(self, card: PretendCard) -> None:
        """The card on the reader, read, and lifted again."""
        tap = next(_taps)
        self.queue += [CardCame(tap), CardRead(tap, card.tapped(), None, asked=False)]
        self.pump()
        self.queue.append(CardWent(tap))
        self.pump()

    @property
    def view(self) -> TillView:
        return self.core.view()

    @property
    def said(self) -> str:
        message = self.view.message
        return message.code if message else ""

    @property
    def journal(self) -> Journal:
        assert self.core._books is not None
        return self.core._books.journal

    def kinds(self) -> list[int]:
        """Kinds of the entries of this epoch, in order."""
        found = [decode(body) for _, body in self.journal.unsent(0, 10_000)]
        return [entry.kind for entry in found if isinstance(entry, Entry)]

    def balance(self, card: PretendCard) -> str:
        """What the office says the card holds."""
        return decimal_text(self.office.balance(f"card/{card.number}/principal"), 2)

    def settle(self) -> None:
        """Connected, and quiet until nothing is owed."""
        if not self.core._books or not self.core._books.office.signed_on:
            self.connect()
        self.wire.up = self.wire.down = lambda _topic, frame: frame
        self.wait(15)
        assert self.view.links.unsent == 0
        assert self.journal.open_undos() == []


def settings(folder: Path, tap: str) -> Settings:
    """As from a till.toml and an enrolment."""
    public = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
    terminal = TerminalFile(
        terminal=TERMINAL, organisation="Riverside Market", store="S03", store_name="Store three",
        stall="Zhang", currency="CNY", exponent=2, zone="Asia/Shanghai", cutoff_hour=4,
        key_number=1, broker=EnrolmentBroker(host="127.0.0.1", port=1),
    )  # fmt: skip
    enrolment = Enrolment(
        terminal=terminal, directory=folder, mac_key=terminal_key(MASTER, TERMINAL, 1),
        office_key=public,
    )  # fmt: skip
    return Settings(
        till=TillTable(enrolment="", cashier=7, tap=tap),  # type: ignore[arg-type]
        scale=None,
        reader=ReaderTable(name="none"),
        host="127.0.0.1",
        port=1,
        enrolment=enrolment,
        state_directory=folder / "till",
    )


def drop(_topic: str, _frame: bytes) -> None:
    """For `up` and `down`: the frame is lost."""


def sales(stall: Stall) -> int:
    """Number of sales in the office's books."""
    return stall.office.count("sale")
