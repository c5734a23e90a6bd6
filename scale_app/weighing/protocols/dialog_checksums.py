"""The handshake of Checkout-Dialog 06: the till proves that its software is the one approved.

The scale asks in record 11 with a random number Z. The till answers with two 16-bit values: CS, a
checksum of its legally relevant software, turned left by the high half of Z, and KW, the remainder
of CS by a polynomial that only the makers of scale and till know, turned right by the low half.
We hold no such secret: whoever has one brings a `ChecksumProvider`. Facts: Ohaus Aviator 7000
service manual pp. 38-41; Cely PI100 manual p. 16; Mettler DIVA service manual p. 61.
"""

from typing import Final, Protocol

_BITS: Final = 16


class ChecksumProvider(Protocol):
    """Who knows the two values of this till."""

    def checksums(self) -> tuple[int, int]:
        """CS and KW, 16 bits each."""
        ...


def proof(provider: ChecksumProvider, random: int) -> bytes:
    """The eight characters of record 10 for the scale's random number (0 to 255)."""
    checksum, key_word = provider.checksums()
    left = turned_left(checksum, random >> 4)
    right = turned_left(key_word, _BITS - (random & 0x0F))
    return b"%04X%04X" % (left, right)


def turned_left(value: int, places: int) -> int:
    """The 16-bit value rotated left."""
    twice = (value & 0xFFFF) << (places % _BITS)
    return (twice | twice >> _BITS) & 0xFFFF


def random_number(digits: bytes) -> int | None:
    """Z from its two characters, written with `A`-`F` or with `:`-`?` for ten to fifteen."""
    figures = [_digit(byte) for byte in digits.upper()]
    return None if None in figures or len(figures) != 2 else _joined(figures)


def _joined(figures: list[int | None]) -> int:
    high, low = (figure or 0 for figure in figures)
    return high << 4 | low


def _digit(byte: int) -> int | None:
    if 0x30 <= byte <= 0x3F:
        return byte - 0x30
    return byte - 0x37 if 0x41 <= byte <= 0x46 else None
