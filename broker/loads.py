"""Money onto a purse on a chip, over the wire: what is asked, told and answered (kinds 22, 23)."""

from enum import IntEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from broker.sale import Card, Fen, Small


class AskLoad(msgspec.Struct, array_like=True, frozen=True):
    """Content of LOAD: cash was given for money on a purse; what the card said to INIT FOR LOAD.

    The question's `rid` is the operation: the same one again gets the same word.
    """

    card: Card
    amount: Annotated[int, Meta(gt=0, le=0x7FFFFFFF)]
    balance: Annotated[int, Meta(ge=0, le=0x7FFFFFFF)]
    """On the chip, before the load."""
    counter: Annotated[int, Meta(ge=0, le=0xFFFF)]
    """Its online counter, before the load."""
    key_version: Annotated[int, Meta(ge=0, le=0xFF)]
    algorithm: Annotated[int, Meta(ge=0, le=0xFF)]
    random: Annotated[bytes, Meta(min_length=4, max_length=4)]
    mac1: Annotated[bytes, Meta(min_length=4, max_length=4)]
    terminal: Annotated[bytes, Meta(min_length=6, max_length=6)]
    """The scale's number as it stands in the card's log."""
    holder: Annotated[str, Meta(max_length=120)] = ""
    """Who buys it, where the law wants to know."""


class TellLoad(msgspec.Struct, array_like=True, frozen=True):
    """Content of LOADED: what became of a load; said until it is answered."""

    op: Annotated[bytes, Meta(min_length=16, max_length=16)]
    became: Small
    """A `Loaded`."""
    tac: Annotated[bytes, Meta(max_length=4)] = b""


class Loaded(IntEnum):
    """What became of a load on its card."""

    DONE = 1
    NOT_DONE = 2
    UNSURE = 3
    """The card is gone; it decides when it lies on a reader again."""


class LoadWord(msgspec.Struct, array_like=True, frozen=True):
    """Content of the answer to LOAD: the office's word to the card."""

    moment: Annotated[bytes, Meta(min_length=7, max_length=7)]
    """BCD YYYYMMDDhhmmss; goes to the card with MAC2."""
    mac2: Annotated[bytes, Meta(min_length=4, max_length=4)]


class LoadBooked(msgspec.Struct, array_like=True, frozen=True):
    """Content of the answer to LOADED: the card's balance in the books."""

    balance: Fen | None
