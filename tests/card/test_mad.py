"""Application directory, against published examples."""

import pytest

from card.errors import BadAnswer
from card.mad import crc8, decode, encode

PUBLISHED = [
    # NXP AN10787, worked example (also in libfreefare's tests).
    ("01010801080108000000000000040003100310021002100000000000001130", 0x89),
    # A dumped NDEF card (libfreefare's tests).
    ("0103E103E103E103E103E1" + "00" * 20, 0xC4),
]


@pytest.mark.parametrize(("covered", "crc"), PUBLISHED)
def test_published_checksums_are_made(covered: str, crc: int) -> None:
    assert crc8(bytes.fromhex(covered)) == crc


def test_a_published_directory_is_understood() -> None:
    covered, crc = PUBLISHED[1]
    directory = bytes((crc,)) + bytes.fromhex(covered)
    assert decode(directory) == dict.fromkeys(range(1, 6), 0xE103)
    assert encode(dict.fromkeys(range(1, 6), 0xE103), publisher_sector=1) == directory


def test_any_flipped_bit_is_noticed() -> None:
    directory = encode({1: 0x6053, 2: 0x6053})
    for bit in range(256):
        broken = (int.from_bytes(directory) ^ 1 << bit).to_bytes(32)
        with pytest.raises(BadAnswer):
            decode(broken)


def test_a_publisher_beyond_the_card_is_refused() -> None:
    covered = b"\x10" + bytes(30)
    with pytest.raises(BadAnswer):
        decode(bytes((crc8(covered),)) + covered)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_other_lengths_are_refused(length: int) -> None:
    with pytest.raises(BadAnswer):
        decode(bytes(length))
