"""The three access bytes of a MIFARE Classic sector trailer.

Each block i (0, 1, 2 data, 3 the trailer) has a condition C1 C2 C3, stored twice, once inverted.
A trailer whose copies differ locks its sector for ever, so `decode` refuses them and nothing in
this package writes a trailer that `decode` does not accept.

    byte 6: ~C2 of blocks 3..0 | ~C1 of blocks 3..0
    byte 7:  C1 of blocks 3..0 | ~C3 of blocks 3..0
    byte 8:  C3 of blocks 3..0 |  C2 of blocks 3..0

Source: NXP MF1S50YYX data sheet 8.7.1, figure 10.
"""

from dataclasses import dataclass

from card.errors import BadAnswer


@dataclass(frozen=True, slots=True)
class SectorConditions:
    """C1 C2 C3 of the three data blocks and of the trailer, each as a number 0b000..0b111."""

    block0: int
    block1: int
    block2: int
    trailer: int

    def in_order(self) -> tuple[int, int, int, int]:
        """The four conditions, block 0 first."""
        return (self.block0, self.block1, self.block2, self.trailer)


TRANSPORT = SectorConditions(0b000, 0b000, 0b000, 0b001)
"""As delivered by the chip's maker: FF 07 80."""


def encode(conditions: SectorConditions) -> bytes:
    """The three access bytes for `conditions`."""
    c1, c2, c3 = (
        sum((condition >> (2 - bit) & 1) << block for block, condition in _numbered(conditions))
        for bit in range(3)
    )
    return bytes(((~c2 & 15) << 4 | ~c1 & 15, c1 << 4 | ~c3 & 15, c3 << 4 | c2))


def decode(three_bytes: bytes) -> SectorConditions:
    """The conditions in the three access bytes.

    Raises:
        BadAnswer: not three bytes, or a copy and its inverse differ.
    """
    if len(three_bytes) != 3:
        raise BadAnswer(length=len(three_bytes))
    b6, b7, b8 = three_bytes
    c1, c2, c3 = b7 >> 4, b8 & 15, b8 >> 4
    if (b6 & 15, b6 >> 4, b7 & 15) != (~c1 & 15, ~c2 & 15, ~c3 & 15):
        raise BadAnswer(access=three_bytes.hex())
    at = [(c1 >> i & 1) << 2 | (c2 >> i & 1) << 1 | c3 >> i & 1 for i in range(4)]
    return SectorConditions(*at)


def _numbered(conditions: SectorConditions) -> list[tuple[int, int]]:
    return list(enumerate(conditions.in_order()))
