"""What a scale may do without asking: sell to a card, within limits; and who may approve a void.

The back-office signs all of it together for one scale; the version only rises. A card pays without
an answer only when this scale knows it, it is not denied, and four limits hold (decision D11): one
payment, one card here, all cards here, and the time since the office was last heard.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from broker.errors import BadMessage
from broker.pins import Person
from broker.sale import Card, Fen, Small

MAX_DENIED = 5000
"""More denied cards than one message carries: then nothing is sold without an answer."""


class Limits(msgspec.Struct, array_like=True, frozen=True):
    """Fen and seconds; 0 in any of them = no sale without an answer."""

    per_payment: Fen = 0
    per_card: Fen = 0
    """Unconfirmed payments of one card at one scale together."""
    per_till: Fen = 0
    """Unconfirmed payments of all cards at one scale together."""
    max_age_s: Small = 0
    """Time since the office was last heard."""

    @property
    def is_off(self) -> bool:
        """True when nothing may be sold without an answer."""
        return 0 in (self.per_payment, self.per_card, self.per_till, self.max_age_s)


class Terms(msgspec.Struct, array_like=True, frozen=True):
    """Limits, denied cards and second persons for one scale."""

    version: Small
    terminal: Annotated[str, Meta(max_length=8)]
    made_at: Annotated[int, Meta(ge=0, le=2**53)]
    """Unix milliseconds of the change that made this version."""
    limits: Limits
    denied: Annotated[list[Card], Meta(max_length=MAX_DENIED)] = []
    """Numbers of cards that pay nothing: blocked, ended, or in debt."""
    pin_salt: Annotated[bytes, Meta(max_length=16)] = b""
    people: Annotated[list[Person], Meta(max_length=500)] = []
    """Who may be the second person here, see `broker.pins`."""
    key_number: Small = 0
    """MAC key of the scale that the verifiers of `people` are bound to."""


def encode_terms(terms: Terms) -> bytes:
    """The payload that the office signs; always MessagePack."""
    return msgspec.msgpack.encode(terms)


def decode_terms(payload: bytes) -> Terms:
    """The terms in a payload whose signature was already checked.

    Raises:
        BadMessage: not readable.
    """
    try:
        return msgspec.msgpack.decode(payload, type=Terms)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadMessage(str(error)) from error
