"""Value operations on an open sector: optional, probed, and believed only after reading back.

A counter that can only go down hardens a card against roll-back: its block has condition 001 (no
write, no increment) under a frozen trailer. A reader that goes the wrong way is not used again.
"""

from dataclasses import dataclass

from card.apdu import Command
from card.errors import BadAnswer, CardRefused, TornWrite
from card.mifare import MifareCard
from card.readers import Dialect, ReaderProfile
from card.status import OK
from card.value_block import Value, decode, encode


@dataclass(frozen=True, slots=True)
class ValueReader:
    """A reader whose dialect was found out on the card that lies there."""

    card: MifareCard
    dialect: Dialect

    def decrement(self, block: int, by: int) -> int:
        """The value after taking `by` away.

        Raises:
            TornWrite: it went another way, or holds no value now.
            CardRefused: the card or reader said no; the value is unchanged.
        """
        return _change(self.card, self.dialect, block, -by)

    def increment(self, block: int, by: int) -> int:
        """The value after adding `by`; raises as `decrement`."""
        return _change(self.card, self.dialect, block, by)


def find_dialect(card: MifareCard, profile: ReaderProfile, scratch: int) -> ValueReader | None:
    """The first dialect that takes one from `scratch` as it should; None when none does.

    Args:
        card: its sector open for writing.
        profile: says which to try.
        scratch: a block to probe on; it holds the value 8 afterwards.
    """
    for dialect in profile.dialects:
        card.write(scratch, encode(Value(9, scratch)))
        try:
            after = _change(card, dialect, scratch, -1)
        except (CardRefused, TornWrite, BadAnswer):
            continue
        if after == 8:
            return ValueReader(card, dialect)
    return None


def count_down(card: MifareCard, block: int, by: int) -> int | None:
    """The value after taking `by` away, in the first of the reader's dialects that does it.

    None: the reader knows none of them; the value is unchanged.

    Raises:
        TornWrite: as `ValueReader.decrement`.
    """
    for dialect in card.profile.dialects:
        try:
            return _change(card, dialect, block, -by)
        except (CardRefused, BadAnswer):
            continue
    return None


def read_value(card: MifareCard, block: int) -> int:
    """The number in a value block, by the plain read every reader knows.

    Raises:
        BadAnswer: no value block.
    """
    return decode(card.read(block)).number


def _change(card: MifareCard, dialect: Dialect, block: int, by: int) -> int:
    before = read_value(card, block)
    _, sw = card.ask(_command(dialect, block, by))
    try:
        after = read_value(card, block)
    except BadAnswer:
        raise TornWrite(block) from None
    if after == before + by:
        return after
    if after == before:
        raise CardRefused(sw if sw != OK else 0x6F00)
    raise TornWrite(block)


def _command(dialect: Dialect, block: int, by: int) -> Command:
    up, size = by > 0, abs(by)
    match dialect:
        case Dialect.ACS:
            return Command(0xFF, 0xD7, 0, block, bytes((1 if up else 2,)) + size.to_bytes(4))
        case Dialect.SCM | Dialect.SCM_OLD:
            grows = 0xC1 if dialect is Dialect.SCM else 0xC0
            operation = grows if up else grows ^ 0x01
            body = bytes((operation, block)) + size.to_bytes(4, "little")
            return Command(0xFF, 0xF0, 0, block, body)
        case Dialect.PCSC:
            inner = bytes((0x80, 0x01, block, 0x81, 0x04)) + size.to_bytes(4, "little")
            body = bytes((0xA0 if up else 0xA1, len(inner))) + inner
            return Command(0xFF, 0xC2, 0, 3, body, le=256)
