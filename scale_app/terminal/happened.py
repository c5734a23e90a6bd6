"""What doors and screens put on the core's queue; each is a value made in the door's own thread."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from card.errors import CardError
from scale_app.events import BarcodeScanned, KeyPressed
from scale_app.weighing.reading import Reading

if TYPE_CHECKING:
    from broker.client import Arrived
    from card.read import TappedCard


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
    | MessageCame | KeyPressed | BarcodeScanned
)  # fmt: skip
