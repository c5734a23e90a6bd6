"""The desk: everything the checkout remembers between two happenings. Pure, frozen.

Times are monotonic seconds given by the caller; sums are fen; weights are `broker.units.Weight`.
"""

from dataclasses import dataclass, field
from enum import Enum, StrEnum

from broker.cash_rounding import correction
from broker.pricelist import Policy, Product
from broker.pricing import Terms
from broker.sale import TenderKind
from broker.units import Weight, decimal_text
from scale_app.catalog import NO_CATALOG, Catalog, product_name
from scale_app.checkout.basket import EMPTY_BASKET, NONE_PARKED, Basket
from scale_app.checkout.copying import replace
from scale_app.say import Say
from scale_app.view import Message, Severity, Stage

LATCH_S = 3.0
"""A hot key takes the first stable reading within this time (decision 29)."""

CARD_KNOWN_S = 30.0
"""A card that was lifted stays known so long while the basket is empty."""

SAME_KEY_S = 0.15
"""The same key for piece goods again within this time is a bounce, not a second piece."""

NO_PIECE = (0, 0.0)
"""No piece yet in this basket: the first key of the next customer is never a bounce."""


class TapMode(StrEnum):
    """What a tap does with goods in the basket (a setting of the stall)."""

    PAY = "pay"
    MEMBER = "member"
    ASK = "ask"


class Closing(Enum):
    """How the basket is to be closed as soon as the latched item is weighed."""

    CASH = "cash"
    CARD = "card"


class Guard(Enum):
    """A question that wants one extra key."""

    BELOW_MINIMUM = "below-minimum"
    PAY_BY_CARD = "pay-by-card"
    CLOSE_SHIFT = "close-shift"
    QUIT = "quit"
    UNDO = "undo"
    VOID_WHICH = "void-which"
    VOID_WHY = "void-why"
    PIN = "pin"
    PARK = "park"
    RENEW = "renew"


@dataclass(frozen=True, slots=True)
class RenewJournal:
    """Action: set the damaged journal aside and begin a new one; answered by Opened or Stopped."""


@dataclass(frozen=True, slots=True)
class SalesOffered:
    """Sales that may be taken back: what stands behind the digits 1 to 9, as the screen shows it.

    A happening of the checkout; the desk remembers it while it is asked which.
    """

    receipts: tuple[int, ...]
    sums: tuple[str, ...]
    rows: tuple[str, ...]
    page: int


@dataclass(frozen=True, slots=True)
class Pan:
    """What the scale shows, as far as the checkout cares."""

    ready: bool = False
    """A weight can be taken from reading `seq` right now."""
    seq: int = 0
    empty: bool = True
    refusal: str = ""
    """Why it is not ready: a word of `weighing`'s refusals."""
    net: str = ""


@dataclass(frozen=True, slots=True)
class Goods:
    """One weighing that was taken."""

    net: Weight
    seq: int
    tare: Weight | None = None
    flags: int = 0
    """`LineFlag` bits: how the tare came, below minimum."""
    evidence: bytes = b""
    """Hash of the weighing evidence."""


@dataclass(frozen=True, slots=True)
class KnownCard:
    """A card that was read and is genuine; `tap` names its stay on the reader."""

    tap: int
    number: int
    is_member: bool
    has_purse: bool
    level: int
    valid_from: int
    valid_to: int
    token_seq: int = 0
    token: bytes = field(default=b"", repr=False)
    balance: int | None = None
    lifted_at: float | None = None
    on_chip: bool = False
    """Its money is on the card itself; `balance` is then known from the start."""
    scheme: str = ""
    """Name of the city card's family; empty for our own cards."""
    has_module: bool = False
    """A city card may pay here: the till has its operator's security module."""
    records: tuple[tuple[str, int], ...] = ()
    """What its own log tells, newest first: when, and fen onto it (above zero) or off it."""

    @property
    def is_present(self) -> bool:
        """True while it lies on the reader."""
        return self.lifted_at is None


@dataclass(frozen=True, slots=True)
class Latch:
    """A weighed product that waits for its weight until monotonic second `until`."""

    product: Product
    until: float
    small: str = ""
    """The net below the minimum that was said yes to, as the screen showed it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """State of the checkout; `number` counts baskets, so that each is sold at most once."""

    stage: Stage = Stage.STARTING
    tap_mode: TapMode = TapMode.PAY
    language: str = "en"
    exponent: int = 2
    cashier: int = 0
    online: bool = False
    catalog: Catalog = NO_CATALOG
    next_catalog: Catalog | None = None
    day: int = 0
    """Business day YYYYMMDD: dated prices go by it."""

    number: int = 1
    basket: Basket = EMPTY_BASKET
    latch: Latch | None = None
    closing: Closing | None = None
    shown: Product | None = None
    """Product whose price the screen shows: the latched one, or the last one taken."""
    entry: str | None = None
    times: int | None = None
    card: KnownCard | None = None
    card_on_reader: bool = False
    guard: Guard | None = None
    guarded_from: Stage = Stage.SELLING
    may_renew: Message | None = None
    """Why nothing is sold, when a new journal would end it."""
    delete_armed: bool = False
    slow: bool = False
    """While asking: the cashier may choose cash now."""
    pan: Pan = field(default_factory=Pan)
    weighed_as: int = 0
    """PLU whose tare and way of weighing the scale holds; 0: none."""
    last_piece: tuple[int, float] = NO_PIECE

    message: Message | None = None
    receipt: tuple[str, ...] = ()
    receipt_number: int = 0
    report_shown: bool = False
    parked: tuple[Basket, ...] = NONE_PARKED
    """Baskets put aside, by slot."""
    undoing: int = 0
    """Receipt number of the sale that the open question is about."""
    reason: int = 0
    """Why, a `RefundReason`, while the second person is asked."""
    choices: SalesOffered | None = None
    """Sales on the screen to choose from."""
    balance_after: int | None = None

    def money(self, minor: int) -> str:
        """A sum as text in the till's currency."""
        return decimal_text(minor, self.exponent)

    def name(self, product: Product) -> str:
        """The product's name in the screen's language."""
        return product_name(product, self.language)

    @property
    def policy(self) -> Policy:
        """What the price list in force says of every sale."""
        return self.catalog.prices.policy

    @property
    def terms(self) -> Terms:
        """What prices go by now."""
        return Terms(self.day, self.policy.interval)

    @property
    def saving(self) -> int:
        """Fen that the basket saves against shelf prices."""
        return self.basket.saving_at(self.policy.interval)

    @property
    def cash_total(self) -> int:
        """Fen to pay in cash."""
        total = self.basket.total
        return total + correction(total, TenderKind.CASH, self.day, self.policy.cash)

    @property
    def is_idle(self) -> bool:
        """True when no sale is under way: nothing in the basket, nothing latched."""
        return not self.basket.items and self.latch is None

    def say(self, code: Say, severity: Severity = Severity.INFO, **params: object) -> "Desk":
        """The desk with a sentence on it."""
        texts = {name: str(value) for name, value in params.items()}
        return replace(self, message=Message(code.value, severity, texts))


def masked(number: int) -> str:
    """A card number as people may see it: its last four digits."""
    return f"****{number % 10_000:04d}"


def with_its_prices(desk: Desk, basket: Basket) -> Desk:
    """The desk with a basket that comes back, and the list that it was priced by.

    What was shown is paid, and further goods go by that list, too; the one in force waits for the
    next basket, as it would had the basket stayed.
    """
    in_force = desk.next_catalog or desk.catalog
    its = basket.catalog or in_force
    is_older = its.version != in_force.version
    return replace(
        desk,
        basket=replace(basket, catalog=None),
        catalog=its if is_older else in_force,
        next_catalog=in_force if is_older else None,
    )


def next_basket(desk: Desk) -> Desk:
    """The desk ready for the next customer: nothing remembered of the last one."""
    return replace(
        desk,
        stage=Stage.SELLING,
        catalog=desk.next_catalog or desk.catalog,
        next_catalog=None,
        number=desk.number + 1,
        basket=EMPTY_BASKET,
        latch=None,
        closing=None,
        shown=None,
        entry=None,
        times=None,
        card=None,
        guard=None,
        delete_armed=False,
        slow=False,
        message=None,
        receipt=(),
        receipt_number=0,
        report_shown=False,
        balance_after=None,
        last_piece=NO_PIECE,
    )
