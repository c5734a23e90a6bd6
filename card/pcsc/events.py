"""What the card door reports: cards and readers that come and go, and how a job ended."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from card.errors import CardError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CardTapped:
    """A card lies on the reader. `tap` counts up and names this stay of this card."""

    tap: int
    atr: bytes
    reader: str


@dataclass(frozen=True, slots=True)
class CardRemoved:
    """The card of `tap` was taken away, or the reader with it."""

    tap: int


@dataclass(frozen=True, slots=True)
class ReaderLost:
    """No reader of that name, or no PC/SC service. The first event when there is none."""


@dataclass(frozen=True, slots=True)
class ReaderFound:
    """The reader is there, for the first time or again."""

    reader: str


CardEvent = CardTapped | CardRemoved | ReaderLost | ReaderFound


@dataclass(frozen=True, slots=True)
class JobDone(Generic[T]):
    """How a job ended: `value` when `error` is None."""

    value: T | None
    error: CardError | None
