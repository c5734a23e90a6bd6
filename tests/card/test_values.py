"""Value blocks, the readers' dialects, and a counter that only goes down."""

import pytest

from card import access_bits, mad
from card.access_bits import SectorConditions
from card.diversify import KeySide
from card.errors import BadAnswer, CardRefused, TornWrite
from card.mifare import MifareCard
from card.readers import GENERIC, Dialect, profile_for
from card.value_block import HIGHEST, LOWEST, Value, decode, encode
from card.values import ValueReader, find_dialect, read_value
from fixtures.card_in_process import InProcess
from fixtures.value_reader import ValueMifare

UID = bytes.fromhex("9A3C5571")
TRANSPORT = b"\xff" * 6


# NXP MF1S50YYX 8.6.2.1 draws the block; libfreefare's tests have these two.
@pytest.mark.parametrize(
    ("value", "block"),
    [
        (Value(1234567, 0x11), "87D6120078 29EDFF 87D61200 11EE11EE"),
        (Value(-1, 0), "FFFFFFFF00000000FFFFFFFF00FF00FF"),
        (Value(0, 5), "00000000FFFFFFFF0000000005FA05FA"),
    ],
)
def test_a_value_block_is_as_published(value: Value, block: str) -> None:
    assert encode(value) == bytes.fromhex(block)
    assert decode(bytes.fromhex(block)) == value


@pytest.mark.parametrize("number", [LOWEST, -1, 0, 1, HIGHEST])
def test_a_value_comes_back_and_any_flipped_bit_is_seen(number: int) -> None:
    block = encode(Value(number, 8))
    assert decode(block).number == number
    for at in range(128):
        torn = bytearray(block)
        torn[at // 8] ^= 1 << at % 8
        with pytest.raises(BadAnswer):
            decode(bytes(torn))
    for length in (0, 12, 15, 17):
        with pytest.raises(BadAnswer):
            decode(bytes(length))


def opened(card: ValueMifare, side: KeySide = KeySide.A) -> MifareCard:
    chip = MifareCard(InProcess(card))
    chip.uid()
    chip.open_sector(4, TRANSPORT, side)
    return chip


@pytest.mark.parametrize("dialect", Dialect)
def test_each_dialect_is_found_out_and_counts_both_ways(dialect: Dialect) -> None:
    found = find_dialect(opened(ValueMifare(UID, speaks=dialect)), GENERIC, 4)
    assert found is not None
    assert found.dialect is dialect
    assert (found.decrement(4, 3), found.increment(4, 10)) == (5, 15)
    assert read_value(found.card, 4) == 15


def test_a_reader_without_value_commands_is_told() -> None:
    assert find_dialect(opened(ValueMifare(UID, speaks="")), GENERIC, 4) is None


def test_a_reader_that_goes_the_wrong_way_is_a_fault() -> None:
    chip = opened(ValueMifare(UID, speaks="scm-old"))
    chip.write(4, encode(Value(9)))
    with pytest.raises(TornWrite):
        ValueReader(chip, Dialect.SCM).decrement(4, 1)


def test_a_counter_under_001_goes_down_only() -> None:
    card = ValueMifare(UID, speaks="acs")
    card.blocks[4] = encode(Value(100, 4))
    bits = access_bits.encode(SectorConditions(0b001, 0b000, 0b000, 0b111))
    card.blocks[7] = TRANSPORT + bits + b"\x69" + b"\xbb" * 6
    counter = ValueReader(opened(card), Dialect.ACS)
    assert counter.decrement(4, 1) == 99
    with pytest.raises(CardRefused):
        counter.increment(4, 1)
    with pytest.raises(CardRefused):
        counter.card.write(4, encode(Value(100, 4)))
    assert read_value(counter.card, 4) == 99


def test_readers_are_known_by_name() -> None:
    assert profile_for("ACS ACR122U PICC Interface 00 00").dialects == (Dialect.ACS,)
    assert profile_for("HID Global OMNIKEY 5022 Smart Card Reader").load_p1 == 0x20
    assert profile_for("Steelyard 00 00") is GENERIC


def test_the_second_directory_of_a_4k_card_names_sectors_17_to_39() -> None:
    wanted = {17: 0x6053, 39: 0x4801}
    directory = mad.encode_2(wanted)
    assert len(directory) == 48
    assert mad.decode_2(directory) == wanted
    assert directory[0] == mad.crc8(directory[1:])
    with pytest.raises(BadAnswer):
        mad.decode_2(directory[:-1] + b"\x01")
    with pytest.raises(BadAnswer):
        mad.decode_2(mad.encode_2(wanted, publisher_sector=0x10))
