"""What the talk with the back-office brings to the core, as values."""

from dataclasses import dataclass

from broker.messages import Authorised, CardStanding, Welcome
from scale_app.catalog import Catalog


@dataclass(frozen=True, slots=True)
class SignedOn:
    """The back-office let this scale in; `behind_s` is how far our clock is ahead of its."""

    welcome: Welcome
    behind_s: int


@dataclass(frozen=True, slots=True)
class SignOnRefused:
    """It did not; `code` is its reason."""

    code: int


@dataclass(frozen=True, slots=True)
class WentOffline:
    """The link is gone, or was never there."""

    why: str


@dataclass(frozen=True, slots=True)
class SaleAnswered:
    """Approved (code OK) or declined."""

    op: bytes
    attempt: int
    code: int
    content: Authorised | None
    decides: bool = True
    """False for a refusal that says nothing about this operation: it has to be undone."""


@dataclass(frozen=True, slots=True)
class SaleUnanswered:
    """Asked three times, no answer."""

    op: bytes
    attempt: int


@dataclass(frozen=True, slots=True)
class BalanceAnswered:
    """A balance inquiry ended; None = no answer."""

    card: int
    standing: CardStanding | None


@dataclass(frozen=True, slots=True)
class PricesCame:
    """A genuine list, already kept in the journal."""

    catalog: Catalog


@dataclass(frozen=True, slots=True)
class OutboxMoved:
    """The back-office holds more than before."""

    upto: int


@dataclass(frozen=True, slots=True)
class NotConfirmed:
    """Sent so many times, and the back-office confirms none of `count` records."""

    count: int
    tries: int


@dataclass(frozen=True, slots=True)
class NotCollected:
    """The office collects here, and has not for so many hours; `count` records wait."""

    count: int
    hours: int


@dataclass(frozen=True, slots=True)
class ShiftCompared:
    """A closed shift was compared with the office's books to the end."""

    shift: int
    repaired: tuple[int, ...]
    """Numbers of the entries that were sent again."""
    differing: tuple[int, ...]


News = (
    SignedOn | SignOnRefused | WentOffline | SaleAnswered | SaleUnanswered | BalanceAnswered
    | PricesCame | OutboxMoved | NotConfirmed | NotCollected
    | ShiftCompared
)  # fmt: skip
