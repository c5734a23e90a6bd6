"""The value block of a MIFARE Classic: a signed number three times, an address four times.

    value LE 4 | value inverted 4 | value 4 | address, inverted, address, inverted

Source: NXP MF1S50YYX 8.6.2.1. A copy by restore and transfer keeps the source's address byte, so
the address can tell where a value came from.
"""

from dataclasses import dataclass

from card.errors import BadAnswer

LOWEST, HIGHEST = -(2**31), 2**31 - 1


@dataclass(frozen=True, slots=True)
class Value:
    """What a value block holds."""

    number: int
    address: int = 0


def encode(value: Value) -> bytes:
    """The 16 bytes of a value block."""
    number = value.number.to_bytes(4, "little", signed=True)
    inverse = bytes(byte ^ 0xFF for byte in number)
    address = bytes((value.address, value.address ^ 0xFF))
    return number + inverse + number + address * 2


def decode(block: bytes) -> Value:
    """The value in a block.

    Raises:
        BadAnswer: the copies differ: no value block, or one that was torn.
    """
    value = Value(int.from_bytes(block[:4], "little", signed=True), block[12] if block[12:] else 0)
    if block != encode(value):
        raise BadAnswer(length=len(block))
    return value
