"""Scale and card reader as the core uses them: doors opened late, figures turned into our types.

The card side of the seam: `card/` speaks integers and bytes, the checkout speaks KnownCard. The
libraries behind the doors are imported when the doors open, after the first frame is drawn.
"""

import logging
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from broker.sale import LineFlag
from broker.units import WeightUnit
from card.errors import CardError, CardGone, KeyringError, WrongCard, WrongReason
from scale_app.checkout.desk import Goods, KnownCard, Pan
from scale_app.config import NO_READER, ScaleTable, Settings
from scale_app.errors import BadSettings
from scale_app.say import Say
from scale_app.terminal.happened import (
    CardCame,
    CardRead,
    CardWent,
    Happened,
    ReaderTurned,
    ReadingCame,
    TokenWritten,
)
from scale_app.terminal.module import SecurityModule
from scale_app.view import LinkState, Message, Severity
from scale_app.weighing import catalogue
from scale_app.weighing.evidence import Circumstances, evidence_of, hash_of, packed
from scale_app.weighing.gate import Release
from scale_app.weighing.instrument import Instrument
from scale_app.weighing.live import LiveScale
from scale_app.weighing.reading import Reading, TareKind
from scale_app.weighing.snapshot import LiveState, LiveWeight, Refusal, Weighed

if TYPE_CHECKING:
    from card.connection import Connection
    from card.keyring import Keyring
    from card.pcsc.door import CardDoor
    from card.pcsc.events import CardEvent, JobDone
    from card.read import TappedCard
    from scale_app.weighing.port import ScalePort

log = logging.getLogger("steelyard.devices")

Put = Callable[[Happened], None]
T = TypeVar("T")

MOST_RECORDS = 10
LOAD_KINDS = (1, 2)
"""Type bytes of a load in a card's log (FMCOS2.0, 8)."""
KEY_RING_LABEL = "steelyard-till"

_LOST = frozenset({LiveState.LOST, LiveState.STALE})
_NO_SCALE = LiveWeight()
"""What a till without a scale shows for ever: always the same one, so that nothing changes."""
_TARE_FLAGS = {
    TareKind.TYPED: LineFlag.TARE_TYPED,
    TareKind.WEIGHED: LineFlag.TARE_WEIGHED,
    TareKind.PRODUCT: LineFlag.TARE_PRODUCT,
    TareKind.CONTAINER: LineFlag.TARE_CONTAINER,
    TareKind.PERCENT: LineFlag.TARE_PERCENT,
}


def word(refusal: Refusal) -> str:
    """The refusal as the checkout and the catalogue write it."""
    return refusal.value.replace("_", "-")


def instrument_of(table: ScaleTable) -> Instrument:
    """The scale's plate, from the settings.

    Raises:
        BadSettings: ranges that do not rise, or that begin above Max.
    """
    bounds = [0, *(one.above_g for one in table.ranges), table.max_g]
    steps = [table.e_g, *(one.e_g for one in table.ranges)]
    if sorted(set(bounds)) != bounds or sorted(set(steps)) != steps:
        raise BadSettings("[scale]: ranges must rise in above_g and e_g, up to max_g")
    return Instrument(
        e=_kg(table.e_g),
        maximum=_kg(table.max_g),
        unit=WeightUnit.GRAM,
        upper=tuple((_kg(one.above_g), _kg(one.e_g)) for one in table.ranges),
        least=None if table.min_g is None else _kg(table.min_g),
    )


def _kg(grams: int) -> Decimal:
    return Decimal(grams).scaleb(-3)


class Scale:
    """The scale of this till; without a `[scale]` table it is lost for ever."""

    def __init__(self, settings: Settings) -> None:
        """Reads the profile only; raises BadSettings for an unknown protocol or option."""
        self.evidence = b""
        """Record of the last weighing; it is saved with the basket that it went into."""
        self._port: ScalePort | None = None
        self._live: LiveScale | None = None
        self._wanted = settings.scale
        if settings.scale is None:
            return
        try:
            self._profile = catalogue.profile(settings.scale.protocol, settings.scale.options)
        except catalogue.BadProfile as error:
            raise BadSettings(f"[scale]: {error}") from error
        self._e_g = settings.scale.e_g
        release = Release(settings.scale.release)
        self._live = LiveScale(instrument_of(settings.scale), self._profile, release)

    def open(self, put: Put) -> None:
        """Begins to read; an absent port is a reading too."""
        if self._wanted is None:
            return
        from scale_app.weighing.port import ScalePort  # noqa: PLC0415  late: after the first frame

        self._port = ScalePort(
            self._wanted.port, self._profile, lambda reading: put(ReadingCame(reading))
        )
        self._port.start()

    def close(self) -> None:
        """Ends the reader thread."""
        if self._port is not None:
            self._port.stop()

    @property
    def live(self) -> LiveWeight:
        """The last snapshot."""
        return self._live.live if self._live else _NO_SCALE

    @property
    def state(self) -> LinkState:
        """Word of the first row of the screen."""
        if self._wanted is None:
            return LinkState.NONE
        return LinkState.OFF if self.live.state in _LOST else LinkState.OK

    def feed(self, reading: Reading, now: float) -> None:
        """One reading more."""
        if self._live is not None:
            self._live.feed(reading, now)

    def tick(self, now: float) -> None:
        """Time passed without a reading."""
        if self._live is not None:
            self._live.tick(now)

    def pan(self) -> Pan:
        """The snapshot as the checkout sees it."""
        live = self.live
        return Pan(
            ready=live.ready,
            seq=live.seq,
            empty=live.zero or (live.net is None and live.state in _LOST),
            refusal=word(live.refusal) if live.refusal else "",
            net=live.digits,
        )

    def take(
        self, seq: int, now: float, around: Circumstances, *, below_minimum_ok: bool
    ) -> Goods | str:
        """The weight that was shown as `seq`, or the word why not; its evidence is kept here."""
        if self._live is None:
            return word(Refusal.LOST)
        taken = self._live.commit(seq, now, below_minimum_ok=below_minimum_ok)
        if isinstance(taken, Refusal):
            return word(taken)
        log.info("weighed %s by %s, raw %s", taken.net.text(), taken.stable_by, taken.raw.hex())
        self.evidence = packed(evidence_of(taken, around))
        return Goods(taken.net, taken.seq, taken.tare, _flags(taken), hash_of(self.evidence))

    def release(self, seq: int, now: float) -> None:
        """The line of `seq` was deleted."""
        if self._live is not None:
            self._live.release_commit(seq, now)

    def product_tare(self, grams: int, plu: int, now: float) -> str:
        """Tare and way of weighing of the product (plu 0: none); empty text when done.

        The tare is rounded up to the scale's step.
        """
        if self._live is None or self._wanted is None:
            return ""
        self._live.pour(plu in self._wanted.poured)
        steps = -(-grams // self._e_g)
        tare = _kg(steps * self._e_g) if grams else None
        share = self._wanted.percent_tare.get(str(plu))
        fixed = self._live.product_tare(tare, now)
        percent = self._live.percent_tare(Decimal(share) if share else None, now)
        return self._tare_word(fixed or percent)

    def type_tare(self, kilograms: Decimal, now: float) -> str:
        """Typed tare, or a known container's by its number; the word why not, or empty."""
        if self._live is None or self._wanted is None:
            return "lost"
        grams = self._wanted.containers.get(str(kilograms))
        if grams is None:
            return self._tare_word(self._live.type_tare(kilograms, now))
        return self._tare_word(self._live.type_tare(_kg(grams), now, TareKind.CONTAINER))

    def weigh_tare(self, now: float) -> str:
        """Weighed tare; the word why not, or empty."""
        return self._tare_word(self._live.weigh_tare(now)) if self._live else "lost"

    def clear_tare(self, now: float) -> None:
        """No tare."""
        if self._live is not None:
            self._live.clear_tare(now)

    def tare_text(self) -> str:
        """The tare as shown, empty when there is none."""
        tare = self.live.tare
        return tare.text() if tare is not None and tare.value else ""

    @staticmethod
    def _tare_word(refusal: object) -> str:
        value = getattr(refusal, "value", "")
        return str(value).replace("_", "-")


def _flags(taken: Weighed) -> int:
    flags = 0
    if taken.tare is not None and taken.tare.value:
        for kind in taken.tare_kinds:
            flags |= _TARE_FLAGS.get(kind, 0)
    return flags | (LineFlag.BELOW_MINIMUM if taken.below_minimum else 0)


class Reader:
    """The card reader and the till's key ring."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._door: CardDoor | None = None
        self._keys: Keyring | None = None
        self._put: Put = lambda _happened: None
        self.module = SecurityModule(settings.module)
        self.is_found = False
        self.fault: str = ""
        self.tap: int | None = None
        """The stay of the card that lies on the reader now."""
        self.read: TappedCard | None = None
        """The card last read; its token slots are needed to write the next token."""

    @property
    def state(self) -> LinkState:
        """Word of the first row of the screen."""
        if self._settings.reader.name == NO_READER:
            return LinkState.NONE
        return LinkState.OK if self.is_found and not self.fault else LinkState.OFF

    def open(self, put: Put) -> Message | None:
        """Opens key ring and reader; a sentence when cards cannot be taken."""
        if self._settings.reader.name == NO_READER:
            return None
        from card.keyring import open_keyring  # noqa: PLC0415  late: after the first frame
        from card.pcsc.door import CardDoor  # noqa: PLC0415  libpcsclite is loaded here

        self._put = put
        enrolment = self._settings.enrolment
        try:
            self._keys = open_keyring(
                enrolment.token_directory, enrolment.token_pin(), label=KEY_RING_LABEL
            )
        except (KeyringError, OSError) as error:
            self.fault = getattr(error, "code", "keyring-broken").replace("_", "-")
            log.error("the key ring cannot be opened: %s", error)  # noqa: TRY400  no trace needed
            return Message(Say.READER_NO_KEYS, Severity.FAULT, {"reason": self.fault})
        self._door = CardDoor(self._settings.reader.name, self._card_event)
        self._door.start()
        return None

    def _card_event(self, event: "CardEvent") -> None:
        from card.pcsc.events import CardRemoved, CardTapped, ReaderFound  # noqa: PLC0415

        if isinstance(event, CardTapped):
            self._put(CardCame(event.tap))
        elif isinstance(event, CardRemoved):
            self._put(CardWent(event.tap))
        else:
            self._put(ReaderTurned(isinstance(event, ReaderFound)))

    def close(self) -> None:
        """Ends the threads and the session with the key ring."""
        if self._door is not None:
            self._door.stop()
        self.module.close()
        if self._keys is not None:
            self._keys.close()

    def read_card(self, tap: int, *, asked: bool) -> None:
        """Reads the card of that tap; CardRead comes when it is done."""
        from card.read import read_card  # noqa: PLC0415

        keys = self._keys
        if self._door is None or keys is None:
            return

        def job(connection: "Connection") -> "TappedCard":
            return read_card(connection, keys)

        def done(ended: "JobDone[TappedCard]") -> None:
            self._put(CardRead(tap, ended.value, ended.error, asked))

        self._door.run(job, done, tap=tap)

    @property
    def keys(self) -> "Keyring | None":
        """The till's key ring, once it is open."""
        return self._keys

    def run(
        self, job: "Callable[[Connection], T]", done: "Callable[[JobDone[T]], None]", tap: int
    ) -> bool:
        """Runs a conversation on the card thread; false when there is no reader."""
        if self._door is None:
            return False
        self._door.run(job, done, tap=tap)
        return True

    def write_token(self, number: int, seq: int, token: bytes) -> None:
        """Writes the next token to the card that just paid, if it is still there."""
        from card.read import write_token  # noqa: PLC0415

        keys, card, tap = self._keys, self.read, self.tap
        if self._door is None or keys is None or card is None or tap is None:
            return
        if card.number != number:
            return

        def job(connection: "Connection") -> "TappedCard":
            return write_token(connection, keys, card, seq=seq, token=token)

        self._door.run(job, lambda ended: self._put(TokenWritten(ended.error)), tap=tap)


def known_card(card: "TappedCard", tap: int, schemes: Sequence[str] = ()) -> KnownCard:
    """A card as the checkout knows it; `schemes` are what the till has a security module for."""
    scheme = card.purse.scheme if card.is_city and card.purse is not None else ""
    return KnownCard(
        tap=tap,
        number=card.number,
        is_member=card.is_member,
        has_purse=card.has_purse,
        level=card.level if card.is_member else 0,
        valid_from=card.valid_from,
        valid_to=card.valid_to,
        token_seq=card.token_seq,
        token=card.token,
        balance=card.purse.balance_fen if card.purse is not None else None,
        on_chip=card.purse is not None,
        scheme=scheme,
        has_module=scheme in schemes,
        records=card_records(card),
    )


def card_records(card: "TappedCard") -> tuple[tuple[str, int], ...]:
    """The last ten lines of a card's own log: when, and fen onto it or (below zero) off it."""
    records = card.purse.records[:MOST_RECORDS] if card.purse is not None else ()
    return tuple(
        (_minute(one.moment), one.amount if one.kind in LOAD_KINDS else -one.amount)
        for one in records
    )


def _minute(moment: bytes) -> str:
    told = moment.hex()
    return f"{told[:4]}-{told[4:6]}-{told[6:8]} {told[8:10]}:{told[10:12]}"


def card_message(error: CardError) -> Message:
    """What to say when a card could not be read."""
    if isinstance(error, CardGone):
        return Message(Say.CARD_GONE, Severity.WARN)
    if isinstance(error, WrongCard):
        return _not_ours(error)
    return Message(Say.CARD_UNREADABLE, Severity.WARN, {"reason": error.code.replace("_", "-")})


def _not_ours(error: WrongCard) -> Message:
    if error.reason is WrongReason.FOREIGN:
        return Message(Say.CARD_FOREIGN, Severity.WARN)
    if error.reason is WrongReason.FAMILY:
        name = str(error.params.get("name", "unknown"))
        return Message(Say.CARD_OTHER_KIND, Severity.WARN, {"reason": name})
    return Message(Say.CARD_UNREADABLE, Severity.WARN, {"reason": str(error.reason)})
