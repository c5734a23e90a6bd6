"""What doors and screens put on the core's queue; each is a value made in the door's own thread."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from card.errors import CardError
from scale_app.events import BarcodeScanned, KeyPressed
from scale_app.weighing.reading import Reading

if TYPE_CHECKING:
    from broker.client import Arrived
    from card.intent import DebitIntent
    from card.purse import DebitProof
    from card.read import TappedCard
    from card.verdict import Resolution


@dataclass(frozen=True, slots=True)
class ReadingCame:
    """A reading of the scale."""

    reading: Reading


@dataclass(frozen=True, slots=True)
class CardCame:
    """A card lies on the reader; `tap` names its stay."""

    tap: int


@dataclass(frozen=True, slots=True)
class CardWent:
    """The card of `tap` was taken away."""

    tap: int


@dataclass(frozen=True, slots=True)
class ReaderTurned:
    """The reader is there, or is not."""

    found: bool


@dataclass(frozen=True, slots=True)
class CardRead:
    """The reading of a card ended; `asked` when a key had asked for it."""

    tap: int
    card: "TappedCard | None"
    error: CardError | None
    asked: bool


@dataclass(frozen=True, slots=True)
class TokenWritten:
    """Writing the new token ended; it changes no verdict."""

    error: CardError | None


class Gate(Protocol):
    """Where the card thread waits for the journal."""

    def allow(self) -> None:
        """The intent is durable: the card may be told to pay."""

    def refuse(self) -> None:
        """The card must not be told."""


OpName = tuple[bytes, int]
"""An operation and its attempt."""


@dataclass(frozen=True, slots=True)
class DebitWanted:
    """The card is ready to pay; its thread waits at the gate."""

    name: OpName
    intent: "DebitIntent"
    gate: Gate


@dataclass(frozen=True, slots=True)
class DebitEnded:
    """The conversation of a debit ended, with a proof or an error."""

    name: OpName
    tap: int
    proof: "DebitProof | None"
    error: CardError | None


@dataclass(frozen=True, slots=True)
class DebitJudged:
    """The card of a doubt was asked what it did; None = it could not be asked."""

    name: OpName
    tap: int
    resolution: "Resolution | None"


@dataclass(frozen=True, slots=True)
class LinkTurned:
    """The link came up or went down."""

    connected: bool
    why: str


@dataclass(frozen=True, slots=True)
class MessageCame:
    """Something arrived over the link."""

    arrived: "Arrived"


Happened = (
    ReadingCame | CardCame | CardWent | ReaderTurned | CardRead | TokenWritten | LinkTurned
    | MessageCame | KeyPressed | BarcodeScanned | DebitWanted | DebitEnded | DebitJudged
)  # fmt: skip
