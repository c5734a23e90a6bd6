"""May this card pay this sale? Pure rules over what the books know and what the scale says.

The order of the checks is the order in which a person would ask: is it our card, may it be used at
all, is it the card itself and not a copy, is the price right, is there money. A copied
card meets a rolling token: only one of the two has the newest.
"""

from dataclasses import dataclass
from enum import Enum, IntEnum, StrEnum

from broker.messages import CardState, Code
from broker.sale import Sale, Tender

MEMBER = 1
STORED_VALUE = 2
"""Bits of a card's kind, the same numbers as on the card itself."""

LOST_TOKEN = bytes(8)
"""What a scale sends, with number 0, for a card whose token sector cannot be read."""


class End(IntEnum):
    """Why a card will never pay again; the number is kept in the books."""

    NONE = 0
    REPLACED = 1
    REFUNDED = 2
    RETIRED = 3


class TokenVerdict(Enum):
    """What the token says about the card."""

    CURRENT = "current"
    PREVIOUS = "previous"
    FIRST = "first"
    LOST = "lost"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class CardRecord:
    """A card as the books know it; `balance` is fen, None without a purse."""

    number: int
    kind: int
    level: int
    state: int
    valid_from: int
    valid_to: int
    balance: int | None
    account: int | None = None
    token_seq: int = 0
    token: bytes = b""
    previous_token: bytes = b""
    token_lost: bool = False
    approved_at: int = 0
    """Unix milliseconds of the last approval; 0 = never."""
    chip: bytes = b""
    opening: int = 0
    """Fen that the issuing desk put on it."""
    bonus: int = 0
    """Fen of `balance` that were given and not paid for."""
    card_class: int = 0
    """0 = bearer, 1 = registered; see `backoffice.prepaid_rules`."""
    holder: str = ""
    """Reference to the holder's file."""
    ended: int = 0
    """How its life ended, an `End`; 0 = it has not."""
    replaces: int = 0
    replaced_by: int = 0
    held_until: int = 0
    """Last day (YYYYMMDD) on which sales made before the swap are waited for."""
    batch: bytes = b""
    """Row of the batch it was made for."""
    member: int = 0
    """Number of the member whose card it is; 0 = nobody's."""
    lost_at: int = 0
    """Unix milliseconds when it was reported lost; 0 = it is not."""

    @property
    def principal(self) -> int:
        """Fen that were paid for."""
        return (self.balance or 0) - self.bonus


def state_on(card: CardRecord | None, day: int) -> CardState:
    """State of a card on business day YYYYMMDD."""
    if card is None or card.state == CardState.STOCK:
        return CardState.UNKNOWN
    if card.state == CardState.BLOCKED:
        return CardState.BLOCKED
    if card.valid_to and card.valid_to < day:
        return CardState.EXPIRED
    return CardState.ACTIVE


class Life(StrEnum):
    """Where a card is in its life; the word that people and programs are told."""

    STOCK = "stock"
    """Its number is set aside; it is being written or lies on the shelf."""
    SOLD = "sold"
    """Given out, and has not paid yet."""
    ACTIVE = "active"
    LOST = "lost"
    BLOCKED = "blocked"
    EXPIRED = "expired"
    REPLACED = "replaced"
    REFUNDED = "refunded"
    RETIRED = "retired"


_ENDS = {End.REPLACED: Life.REPLACED, End.REFUNDED: Life.REFUNDED, End.RETIRED: Life.RETIRED}


def life_of(card: CardRecord, day: int, *, has_paid: bool) -> Life:
    """The one word for a card on business day YYYYMMDD."""
    if card.ended:
        return _ENDS[End(card.ended)]
    if card.state == CardState.STOCK:
        return Life.STOCK
    if card.state == CardState.BLOCKED:
        return Life.LOST if card.lost_at else Life.BLOCKED
    if card.valid_to and card.valid_to < day:
        return Life.EXPIRED
    is_fresh = bool(card.kind & STORED_VALUE) and not has_paid
    return Life.SOLD if is_fresh else Life.ACTIVE


def standing_code(card: CardRecord | None, day: int) -> Code:
    """OK, or why the card cannot be used at all."""
    return {
        CardState.UNKNOWN: Code.UNKNOWN_CARD,
        CardState.BLOCKED: Code.BLOCKED,
        CardState.EXPIRED: Code.EXPIRED,
    }.get(state_on(card, day), Code.OK)


def level_on(card: CardRecord | None, day: int) -> int:
    """Price level that the card gives on that day; 0 unless it is a member's card in force."""
    if card is None or not card.kind & MEMBER or state_on(card, day) is not CardState.ACTIVE:
        return 0
    return card.level


def token_verdict(card: CardRecord, token_seq: int, token: bytes) -> TokenVerdict:
    """Whether the token is one that the card itself can hold.

    A write that never reached the card leaves the previous token on it, so both are good. A lost
    token sector is forgiven once in a row: the card is repaired at that tap, a copier is not.
    """
    if not card.token:
        return TokenVerdict.FIRST
    if token == card.token:
        return TokenVerdict.CURRENT
    if token and token == card.previous_token:
        return TokenVerdict.PREVIOUS
    if token_seq == 0 and token in (b"", LOST_TOKEN) and not card.token_lost:
        return TokenVerdict.LOST
    return TokenVerdict.WRONG


def card_tender(sale: Sale, stored_value_kind: int) -> Tender | None:
    """The one stored-value tender of a sale to authorise; None when there is none or several."""
    found = [tender for tender in sale.tenders if tender.kind == stored_value_kind]
    return found[0] if len(found) == 1 and found[0].amount > 0 and found[0].card else None


def price_level_of(sale: Sale, member: CardRecord | None) -> int:
    """Level at which the sale should have been priced: that of the member it names, else 0."""
    return level_on(member, sale.day) if sale.member is not None else 0


def payment_code(card: CardRecord | None, sale: Sale, tender: Tender, level: int) -> Code:
    """The verdict on one stored-value payment; `level` is the one the sale should have had."""
    standing = standing_code(card, sale.day)
    if standing is not Code.OK or card is None:
        return standing
    if not card.kind & STORED_VALUE or card.balance is None:
        return Code.NO_PURSE
    if token_verdict(card, tender.token_seq, tender.token) is TokenVerdict.WRONG:
        return Code.TOKEN
    if sale.level != level:
        return Code.PRICE_LEVEL
    if card.balance < tender.amount:
        return Code.INSUFFICIENT
    return Code.OK
