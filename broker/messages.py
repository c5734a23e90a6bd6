"""Every message between a scale and the back-office, as positional arrays.

Position 0 is the major version, position 1 the kind; the rest is below, and in words for outsiders
in `docs/contract.md`. Trailing fields may be added; unknown ones are ignored (decision 9).

What is numbered is the journal entry: each has terminal, epoch, gap-free seq and the chain hash of
the one before (decision 10). The question "may this card pay?" *is* its INTENT entry.
"""

from enum import IntEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from broker.collect import Collect
from broker.compared import Compare, Compared
from broker.heads import SignedHead
from broker.loads import AskLoad, LoadBooked, LoadWord, TellLoad
from broker.sale import Card, Fen, Rounding, Sale, Small, Token
from broker.seal import Hash16

VERSION = 1

Uid = Annotated[bytes, Meta(min_length=16, max_length=16)]
TerminalId = Annotated[str, Meta(min_length=1, max_length=8)]
MOST_OLDER = 16
Text = Annotated[str, Meta(max_length=120)]
Millis = Annotated[int, Meta(ge=0, le=2**53)]


class Kind(IntEnum):
    """Position 1 of every message."""

    INTENT = 1
    PAID = 2
    DECLINED = 3
    REVERSING = 4
    REVERSED = 5
    UNSURE = 6
    Z = 7
    SIGN_ON = 20
    BALANCE = 21
    LOAD = 22
    LOADED = 23
    COMPARE = 24
    BATCH = 30
    HEARTBEAT = 40
    SIGNED_HEAD = 41
    ANSWER = 100
    RECEIPT = 110
    PRICES = 111
    TERMS = 112
    PACKED = 113
    COLLECT = 114


ENTRY_KINDS = frozenset(range(Kind.INTENT, Kind.Z + 1))
QUESTION_KINDS = frozenset(range(Kind.SIGN_ON, Kind.COMPARE + 1))


class Code(IntEnum):
    """What the back-office says; the scale's own refusals are words of its own."""

    OK = 0
    INSUFFICIENT = 10
    BLOCKED = 11
    EXPIRED = 12
    UNKNOWN_CARD = 13
    REPEATED = 14
    REVERSED = 15
    STALE = 16
    PRICE_LEVEL = 17
    TOKEN = 18
    NO_PURSE = 19
    VERSION = 20
    MALFORMED = 21
    BAD_SEAL = 22
    SUM_MISMATCH = 23
    CONFLICT = 24
    WRONG_TERMINAL = 25
    NOT_ALLOWED = 26
    SUSPENDED = 30
    SIGN_ON_FIRST = 31
    BUSY = 40


class CardState(IntEnum):
    """State of a card in the back-office."""

    STOCK = 0
    ACTIVE = 1
    BLOCKED = 2
    EXPIRED = 3
    UNKNOWN = 9


class ReverseReason(IntEnum):
    """Why a scale takes an operation back."""

    NO_ANSWER = 1
    CANCELLED = 2
    RESTARTED = 3


class RefundReason(IntEnum):
    """Why a sale was given back: the fixed list at the scale."""

    WRONG_GOODS = 1
    WRONG_WEIGHT = 2
    WRONG_TENDER = 3
    CUSTOMER = 4


class Paid(msgspec.Struct, array_like=True, frozen=True):
    """Content of PAID. A card sale names its INTENT by the entry's op; a cash sale is whole."""

    receipt: Small
    """Receipt number, gap-free per terminal and epoch, a counter of its own."""
    sale: Sale | None = None
    balance: Fen | None = None
    """Balance of the card after the sale, as the answer said."""
    offline: Small = 0
    """1 = the scale sold it by its limits, without an answer."""
    reason: Small = 0
    """Of a refund: a `RefundReason`."""
    approved_by: Small = 0
    """Cashier number of the second person, where one was needed."""


class Declined(msgspec.Struct, array_like=True, frozen=True):
    """Content of DECLINED: the code the office answered."""

    code: Small


class Reversing(msgspec.Struct, array_like=True, frozen=True):
    """Content of REVERSING: a durable wish to undo an operation whatever became of it."""

    reason: Small


class Reversed(msgspec.Struct, array_like=True, frozen=True):
    """Content of REVERSED: what the operation had been (`Code`: OK, REVERSED or a refusal)."""

    was: Small


class TenderSum(msgspec.Struct, array_like=True, frozen=True):
    """Number and sum of one tender in a period."""

    kind: Small
    count: Small
    amount: Fen


class ZReport(msgspec.Struct, array_like=True, frozen=True):
    """Content of Z: the totals of a shift as the scale counted them."""

    shift: Small
    day: Small
    cashier: Small
    opened_at: Millis
    sales: Small
    lines: Small
    total: Fen
    saving: Fen
    tenders: Annotated[list[TenderSum], Meta(max_length=16)]
    first_receipt: Small
    last_receipt: Small
    reversals: Small = 0
    rounding: Annotated[list[Rounding], Meta(max_length=8)] = []
    """Sum of each kind of correction, cash rounding and goodwill."""


Content = Sale | Paid | Declined | Reversing | Reversed | ZReport


class Entry(msgspec.Struct, frozen=True):
    """One numbered journal entry.

    INTENT carries a Sale, PAID a Paid, and so on (`CONTENT_OF`); `op` is the operation's uid and
    `attempt` counts tries of it: a new one after a decline, never after a timeout.
    """

    kind: int
    terminal: str
    epoch: int
    seq: int
    prev: bytes
    at: int
    op: bytes
    attempt: int
    content: Content


class SignOn(msgspec.Struct, array_like=True, frozen=True):
    """Content of SIGN_ON: where the scale's journal and price list stand."""

    epoch: Small
    last_seq: Small
    head: Hash16
    list_version: Small
    software: Text = ""
    terms_version: Small | None = None
    """Version of its limits and denied cards, 0 = none yet; None: this scale wants none."""
    list_forms: Small = 0
    """Which forms of price lists it takes beside whole ones (`broker.list_changes.ListForm`)."""
    key: Annotated[bytes, Meta(min_length=32, max_length=32)] | None = None
    """The Ed25519 key it signs its journal with, public half; None: it signs nothing."""
    gone: Small = 0
    """Entries of its epoch up to this one are not kept on the scale any more; 0 = all are."""
    gone_head: Hash16 | None = None


class AskBalance(msgspec.Struct, array_like=True, frozen=True):
    """Content of BALANCE: which card; the token shows that the card itself is there."""

    card: Card
    token_seq: Small = 0
    token: Token = b""


class Question(msgspec.Struct, frozen=True):
    """A question outside the journal; `rid` names it and its answer."""

    kind: int
    terminal: str
    rid: bytes
    at: int
    content: SignOn | AskBalance | AskLoad | TellLoad | Compare


class Batch(msgspec.Struct, array_like=True, frozen=True):
    """Several bodies in one frame, in order; each is kept byte for byte as it stands here."""

    v: int
    kind: int
    bodies: Annotated[list[bytes], Meta(min_length=1, max_length=100)]


class Heartbeat(msgspec.Struct, array_like=True, frozen=True):
    """State of a scale; `state` 1 = here, 0 = gone (written by the broker as the will)."""

    v: int
    kind: int
    terminal: TerminalId
    at: Millis
    state: Small
    epoch: Small = 0
    last_seq: Small = 0
    unsent: Small = 0
    list_version: Small = 0
    software: Text = ""
    terms_version: Small | None = None
    list_forms: Small = 0
    """Both as in SIGN_ON."""
    upload: Small | None = None
    """The `broker.collect.Upload` that holds there; None: a scale that knows no COLLECT."""
    collected: Small = 0
    """Number of the last COLLECT after which nothing was owed any more."""
    waiting_s: Small = 0
    """Age of the oldest unsent entry."""


class EpochMark(msgspec.Struct, array_like=True, frozen=True):
    """The office holds entries 1 to `upto` of that epoch."""

    epoch: Small
    upto: Small


class Welcome(msgspec.Struct, array_like=True, frozen=True):
    """Content of the answer to SIGN_ON."""

    epoch: Small
    """The epoch to go on with; a new one starts at seq 1."""
    upto: Small
    """Highest seq of that epoch up to which the office holds everything."""
    head: Hash16
    """Chain hash of that entry; 16 zero bytes when `upto` is 0."""
    list_version: Small
    organisation: Text
    store: Text
    stall: Text
    currency: Text
    exponent: Small
    zone: Text
    cutoff_hour: Small
    last_receipt: Small = 0
    """Highest receipt number known; a scale that lost its journal goes on after it."""
    older: Annotated[list[EpochMark], Meta(max_length=MOST_OLDER)] | None = None
    """Earlier epochs, newest first; None: an office that does not say."""
    upload: Small = 0
    """A `broker.collect.Upload`: do the entries go by themselves, or wait for a COLLECT?"""
    signed: Small | None = None
    """Highest number of that epoch whose signature is kept; None: nobody keeps signatures here."""
    lost: Small = 0
    """Entries that are not here and, as the scale says, not there any more either."""


class CardStanding(msgspec.Struct, array_like=True, frozen=True):
    """Content of the answer to BALANCE; `balance` is None for a card without a purse."""

    state: Small
    level: Small
    balance: Fen | None
    valid_to: Small
    """Last day, YYYYMMDD; 0 = no end."""


class Authorised(msgspec.Struct, array_like=True, frozen=True):
    """Content of the answer to an INTENT; the new token is for the card's other slot."""

    balance: Fen | None
    token_seq: Small = 0
    token: Token = b""
    upto: Small = 0
    """Receipt of journal entries, as in RECEIPT."""
    level: Small = 0
    """With PRICE_LEVEL: the level that the card really has."""


class Undone(msgspec.Struct, array_like=True, frozen=True):
    """Content of the answer to REVERSING."""

    was: Small
    upto: Small = 0


class Refused(msgspec.Struct, array_like=True, frozen=True):
    """Content of an answer to something that could not be read."""

    detail: Text = ""


Reply = Welcome | CardStanding | LoadWord | LoadBooked | Compared | Authorised | Undone | Refused


class Answer(msgspec.Struct, frozen=True):
    """Answer to a question or an entry: same `rid` (the entry's op) and `attempt`."""

    to: int
    """Kind of what is answered; 0 when it could not be read."""
    rid: bytes
    attempt: int
    code: int
    at: int
    content: Reply


class Receipt(msgspec.Struct, array_like=True, frozen=True):
    """All entries of (terminal, epoch) up to `upto` are stored; later ones but `missing` too."""

    v: int
    kind: int
    terminal: TerminalId
    epoch: Small
    upto: Small
    head: Hash16
    missing: Annotated[list[Small], Meta(max_length=100)] = []
    signed: Small | None = None


class SignedPrices(msgspec.Struct, array_like=True, frozen=True):
    """A price list as its encoded bytes and the office's Ed25519 signature over them."""

    v: int
    kind: int
    version: Small
    payload: bytes
    signature: Annotated[bytes, Meta(min_length=64, max_length=64)]


class PackedPrices(msgspec.Struct, array_like=True, frozen=True):
    """A list packed with zlib; `signature` is over the whole one (`broker.list_changes`)."""

    v: int
    kind: int
    version: Small
    base: Small
    """The list that the changes in `content` are against; 0: it is the whole list."""
    content: bytes
    signature: Annotated[bytes, Meta(min_length=64, max_length=64)]


class SignedTerms(msgspec.Struct, array_like=True, frozen=True):
    """Encoded `broker.stand_in.Terms` and the office's Ed25519 signature over them."""

    v: int
    kind: int
    version: Small
    payload: bytes
    signature: Annotated[bytes, Meta(min_length=64, max_length=64)]


Message = (
    Entry | Question | Batch | Heartbeat | SignedHead | Answer | Receipt | SignedPrices
    | PackedPrices | SignedTerms | Collect
)  # fmt: skip
