"""What can happen to the checkout, and what it can ask the till to do; both plain values.

`now` is always the monotonic second at which it happened.
"""

from dataclasses import dataclass, field

from broker.sale import Line
from scale_app.catalog import Catalog
from scale_app.checkout.basket import NONE_PARKED, Basket, Member
from scale_app.checkout.desk import Goods, KnownCard, Pan, RenewJournal, SalesOffered
from scale_app.events import Key
from scale_app.pack_label import PackLabel
from scale_app.view import Message


@dataclass(frozen=True, slots=True)
class KeyIn:
    """A key of the keyboard or keypad."""

    key: Key
    text: str
    now: float


@dataclass(frozen=True, slots=True)
class PanChanged:
    """A new reading, or a new tare."""

    pan: Pan
    now: float


@dataclass(frozen=True, slots=True)
class Taken:
    """The gate gave the weight that was asked for."""

    goods: Goods
    now: float


@dataclass(frozen=True, slots=True)
class NotTaken:
    """The gate refused; `refusal` is its word."""

    refusal: str
    now: float


@dataclass(frozen=True, slots=True)
class TareDone:
    """A tare was set, cleared (empty text) or refused (`refusal`)."""

    tare: str = ""
    refusal: str = ""
    of_product: bool = False
    """Refused is what the product brought, not what was typed or weighed."""


@dataclass(frozen=True, slots=True)
class CardPut:
    """A card came onto the reader; it is being read."""


@dataclass(frozen=True, slots=True)
class CardShown:
    """The card was read; `asked` when a key asked for it and the card did not just come."""

    card: KnownCard
    day: int
    """Business day YYYYMMDD, against which validity is judged."""
    now: float
    asked: bool = False


@dataclass(frozen=True, slots=True)
class CardUnreadable:
    """The card could not be read; `message` says why."""

    message: Message


@dataclass(frozen=True, slots=True)
class CardLifted:
    """The card left the reader."""

    now: float


@dataclass(frozen=True, slots=True)
class BalanceKnown:
    """The back-office answered a balance inquiry; None = it could not."""

    number: int
    balance: int | None
    state: int = 1
    """A `CardState`."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The sale of this basket is durable."""

    receipt: tuple[str, ...]
    receipt_number: int
    message: Message
    balance: int | None = None


@dataclass(frozen=True, slots=True)
class UndoOffered:
    """The sale with that receipt may be taken back; `message` asks why."""

    receipt: int
    message: Message


@dataclass(frozen=True, slots=True)
class PinRefused:
    """The PIN of the second person does not fit, or none is looked at now."""

    message: Message


@dataclass(frozen=True, slots=True)
class Refused:
    """The back-office declined the card; the basket stands."""

    message: Message
    level: int | None = None
    """With a changed price level: the level that the card really has."""


@dataclass(frozen=True, slots=True)
class NotCharged:
    """The asking ended without an answer or was given up; the undoing is on its way."""

    message: Message


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The card was told to pay and its answer is not known, or another card came instead."""

    message: Message


@dataclass(frozen=True, slots=True)
class Parked:
    """A doubt was given up for now: its goods stay here, the basket is free."""

    message: Message


@dataclass(frozen=True, slots=True)
class GoodsBack:
    """The card of a parked doubt took nothing: its goods can be sold again, at their prices."""

    basket: Basket
    message: Message


@dataclass(frozen=True, slots=True)
class AskSlow:
    """Two seconds without an answer: the cashier may choose."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """No sale is possible; `message` says why, `may_renew` whether a new journal would help."""

    message: Message
    may_renew: bool = False


@dataclass(frozen=True, slots=True)
class Recovered:
    """What had stopped the till is gone."""


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The back-office can (signed on) or cannot be asked."""

    online: bool


@dataclass(frozen=True, slots=True)
class NewCatalog:
    """A price list came; it takes effect at the next basket."""

    catalog: Catalog


@dataclass(frozen=True, slots=True)
class NewDay:
    """The business day began, or was learned."""

    day: int
    """YYYYMMDD."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """A bar code came from the scanner."""

    text: str
    now: float


@dataclass(frozen=True, slots=True)
class Opened:
    """The journal is open: where the till stands after the start."""

    catalog: Catalog
    ready: bool
    lines: tuple[Line, ...] = ()
    member: Member | None = None
    message: Message | None = None
    receipt: tuple[str, ...] = ()
    parked: tuple[Basket, ...] = NONE_PARKED


@dataclass(frozen=True, slots=True)
class ReportShown:
    """An X or Z report to show."""

    lines: tuple[str, ...]
    message: Message
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """Something to say that changes nothing."""

    message: Message


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passed."""

    now: float


Happening = (
    KeyIn | PanChanged | Taken | NotTaken | TareDone | CardPut | CardShown | CardUnreadable
    | CardLifted | BalanceKnown | Saved | Refused | NotCharged | AskSlow | Stopped | Recovered
    | InDoubt | Parked | GoodsBack | UndoOffered | SalesOffered | PinRefused
    | LinkChanged | NewCatalog | NewDay | Scanned | Opened | ReportShown | Told | Tick
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TakeWeight:
    """Take the weight of reading `seq`; answered at once by Taken or NotTaken."""

    seq: int
    below_minimum_ok: bool = False


@dataclass(frozen=True, slots=True)
class ReleaseWeight:
    """The line weighed from `seq` was deleted: the same load may be sold again."""

    seq: int


@dataclass(frozen=True, slots=True)
class ProductTare:
    """Tare that goes with the product, grams; 0 = none. Answered by PanChanged."""

    grams: int
    plu: int = 0
    """The product, while there is one."""


@dataclass(frozen=True, slots=True)
class TypeTare:
    """Tare as typed, kilograms. Answered by TareDone and PanChanged."""

    kilograms: str


@dataclass(frozen=True, slots=True)
class WeighTare:
    """What is on the pan now is the container."""


@dataclass(frozen=True, slots=True)
class ClearTare:
    """No tare any more."""


@dataclass(frozen=True, slots=True)
class PayCash:
    """Save the basket as a cash sale; answered by Saved or Stopped."""

    number: int
    basket: Basket


@dataclass(frozen=True, slots=True)
class PayCard:
    """Save the intent, then ask; answered by Saved, Refused, NotCharged or Stopped."""

    number: int
    basket: Basket
    card: KnownCard


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Stop asking; with `cash` the same basket is sold for cash in the same transaction."""

    number: int
    cash: bool


@dataclass(frozen=True, slots=True)
class AskBalance:
    """Ask the back-office for the balance of a card."""

    card: KnownCard


@dataclass(frozen=True, slots=True)
class Park:
    """Keep in slot 1-8 what it holds from now on, and the open basket with it."""

    slot: int
    parked: Basket
    basket: Basket


@dataclass(frozen=True, slots=True)
class AskUndo:
    """May the last sale be taken back? Answered by UndoOffered or Told."""


@dataclass(frozen=True, slots=True)
class Undo:
    """Give the last sale back; answered by Saved, Refused or Stopped."""

    receipt: int
    reason: int
    """A `RefundReason`."""


@dataclass(frozen=True, slots=True)
class AskSales:
    """Sales of the shift that may be taken back; answered by SalesOffered or Told."""

    page: int
    """0 = the newest."""


@dataclass(frozen=True, slots=True)
class Void:
    """Give a closed sale back; answered by Saved, PinRefused, Refused or Stopped."""

    receipt: int
    reason: int
    pin: str = field(repr=False)
    """Of the second person; looked at once and kept nowhere."""


@dataclass(frozen=True, slots=True)
class ReadCard:
    """Read the card that lies on the reader once more."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Keep the open basket so that its lines survive a power cut."""

    basket: Basket


@dataclass(frozen=True, slots=True)
class ShowX:
    """Make the interim report of the shift."""


@dataclass(frozen=True, slots=True)
class CloseShift:
    """Close the shift: Z report and a new shift."""


@dataclass(frozen=True, slots=True)
class Quit:
    """The person asked to end the program, and said yes."""


Action = (
    TakeWeight | ReleaseWeight | ProductTare | TypeTare | WeighTare | ClearTare | PayCash | PayCard
    | GiveUp | AskBalance | ReadCard | Checkpoint | ShowX | CloseShift | Quit
    | AskUndo | Undo | AskSales | Void | Park | PackLabel | RenewJournal
)  # fmt: skip
