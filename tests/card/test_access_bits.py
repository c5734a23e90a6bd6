"""Access bytes of a sector trailer, against published ones."""

import itertools

import pytest

from card.access_bits import TRANSPORT, SectorConditions, decode, encode
from card.errors import BadAnswer

PUBLISHED = [
    # NXP MF1S50YYX 8.6.3: as delivered.
    ("FF0780", TRANSPORT),
    # NXP AN1304/AN1305: MAD sector, NDEF sector read and write.
    ("787788", SectorConditions(0b100, 0b100, 0b100, 0b011)),
    ("7F0788", SectorConditions(0b000, 0b000, 0b000, 0b011)),
]


@pytest.mark.parametrize(("raw", "conditions"), PUBLISHED)
def test_published_access_bytes_are_made(raw: str, conditions: SectorConditions) -> None:
    assert encode(conditions).hex().upper() == raw


@pytest.mark.parametrize(("raw", "conditions"), PUBLISHED)
def test_published_access_bytes_are_understood(raw: str, conditions: SectorConditions) -> None:
    assert decode(bytes.fromhex(raw)) == conditions


def test_all_4096_combinations_come_back() -> None:
    for four in itertools.product(range(8), repeat=4):
        conditions = SectorConditions(*four)
        assert decode(encode(conditions)) == conditions


def test_any_single_flipped_bit_is_refused() -> None:
    for raw, _ in PUBLISHED:
        for bit in range(24):
            broken = (int(raw, 16) ^ 1 << bit).to_bytes(3)
            with pytest.raises(BadAnswer):
                decode(broken)


@pytest.mark.parametrize("raw", ["", "FF07", "FF078069"])
def test_other_lengths_are_refused(raw: str) -> None:
    with pytest.raises(BadAnswer):
        decode(bytes.fromhex(raw))
