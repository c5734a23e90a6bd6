"""What the stallholder and the customer see: one frozen snapshot, made by the core.

The core thread makes a new `TillView` when something changed; the stallholder's screen draws it,
the display feed sends it to the customer's screen as one JSON line. It holds numbers as text, ready
to show (the scale's own decimals), and words as codes: the screens own the sentences. A weight that
is not there is None, never "0.000".
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Stage(StrEnum):
    """Where the sale stands."""

    STARTING = "starting"
    """Devices are being opened; nothing can be sold yet."""
    NOT_READY = "not-ready"
    """No epoch or no price list yet: the first start needs the network once."""
    SELLING = "selling"
    """Basket open or empty; hot keys work."""
    ASKING = "asking"
    """The back-office is asked; cash can be chosen after the first wait."""
    PAID = "paid"
    """The sale is durable; shown until the next key or load."""
    REFUSED = "refused"
    """The card was refused; the basket stands, cash works."""
    GUARD = "guard"
    """A question that wants one extra key (`View.message` says which)."""
    STOPPED = "stopped"
    """No sale is possible (disk full, journal broken); `View.message` says why."""


class WeightState(StrEnum):
    """Word beside the weight."""

    EMPTY = "empty"
    MOVING = "moving"
    STABLE = "stable"
    SOLD = "sold"
    """The goods are off again; these are the figures they were sold by, for a second."""
    BELOW_MINIMUM = "below-minimum"
    OVERLOAD = "overload"
    NEGATIVE = "negative"
    FAULT = "fault"
    STALE = "stale"
    LOST = "lost"


class LinkState(StrEnum):
    """State of one of the till's links, in the first row of the screen."""

    OK = "ok"
    SLOW = "slow"
    OFF = "off"
    NONE = "none"


class Severity(StrEnum):
    """How a message is drawn; the word carries the meaning, colour repeats it."""

    INFO = "info"
    DONE = "done"
    WARN = "warn"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence as a code and its parameters; the catalogue of the screen has the words."""

    code: str
    severity: Severity = Severity.INFO
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of the basket, ready to show."""

    number: int
    name: str
    quantity: str
    unit: str
    unit_price: str
    base: str
    amount: str
    shelf_price: str = ""
    """Set when the member's price differs."""
    is_member_price: bool = False


@dataclass(frozen=True, slots=True)
class ItemKey:
    """One key of the item grid."""

    key: str
    plu: int
    name: str
    price: str
    base: str
    latched: bool = False


@dataclass(frozen=True, slots=True)
class CardView:
    """The card on the reader, or the one that just paid; number masked to its last four."""

    number: str
    level: str
    """Name of the level from the price list, empty for shelf price."""
    valid_to: str
    """YYYY-MM-DD, empty = no end."""
    balance: str | None = None
    """None = not asked or no purse."""
    is_member: bool = False
    has_purse: bool = False
    records: tuple[tuple[str, str], ...] = ()
    """The last lines of its own log, newest first: when, and a signed sum."""


@dataclass(frozen=True, slots=True)
class Links:
    """First row of the screen."""

    net: LinkState = LinkState.OFF
    scale: LinkState = LinkState.OFF
    reader: LinkState = LinkState.OFF
    unsent: int = 0
    """Entries not yet receipted by the back-office."""
    oldest_unsent_s: int = 0
    net_off_since: str = ""
    """HH:MM, empty when on."""


@dataclass(frozen=True, slots=True)
class TillView:
    """Everything shown at one moment."""

    stage: Stage = Stage.STARTING
    language: str = "en"
    currency: str = ""
    terminal: str = ""
    store: str = ""
    stall: str = ""
    cashier: str = ""
    clock: str = ""
    """HH:MM, local time of the store."""
    links: Links = field(default_factory=Links)

    weight: str | None = None
    weight_unit: str = "kg"
    weight_state: WeightState = WeightState.LOST
    is_zero: bool = False
    tare: str = ""
    tare_kind: str = ""

    product: str = ""
    plu: int | None = None
    unit_price: str | None = None
    base: str = "kg"
    shelf_price: str | None = None
    """Price without card, when a card makes it cheaper: both are shown."""
    amount: str | None = None

    lines: tuple[LineView, ...] = ()
    total: str = "0.00"
    shelf_total: str = ""
    """Total without card, when it differs."""
    saving: str = ""
    items: tuple[ItemKey, ...] = ()
    card: CardView | None = None
    entry: str = ""
    """Digits of an open number entry; empty = closed (an open, empty entry is `_`)."""
    message: Message | None = None
    receipt: tuple[str, ...] = ()
    """Lines of the last receipt, or of an X or Z report being shown."""
    receipt_number: int = 0
    change: str = ""
    sales_today: int = 0
    """Number of sales in the shift."""
    parked: tuple[str, ...] = ()
    """Baskets put aside: number of the slot and total."""
    cash_total: str = ""
    """Total in cash, where cash rounding makes it another."""
