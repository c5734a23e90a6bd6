"""Our card map as bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from card.access_bits import encode
from card.errors import WrongCard, WrongReason
from card.layout import (
    EMPTY_BLOCK,
    IDENTITY,
    MAD,
    NO_TOKEN,
    TOKEN,
    CardIdentity,
    CardKind,
    Slot,
    SlotState,
    TokenSeal,
    card_number,
    current_slot,
    decode_identity,
    encode_identity,
    is_after,
    luhn_digit,
    number_is_valid,
)
from tests.card.test_diversify import cmac
from tests.card.world import UID, WANG

SEAL = TokenSeal(cmac, UID, WANG.number)


def test_the_map_holds_the_access_bytes_that_the_table_promises() -> None:
    assert encode(MAD.conditions).hex() == "787788"
    assert encode(IDENTITY.conditions).hex() == "787788"
    assert encode(TOKEN.conditions).hex() == "7f0788"


def test_luhn_agrees_with_published_numbers() -> None:
    # ISO/IEC 7812-1 annex B example, and two test numbers of card schemes.
    assert luhn_digit(7992739871) == 3
    assert luhn_digit(411111111111111) == 1
    assert luhn_digit(37828224631000) == 5


def test_a_card_number_is_issuer_serial_and_check_digit() -> None:
    assert card_number(6200, 41) == 620000000000410 + luhn_digit(62000000000041)
    assert number_is_valid(card_number(6200, 41))


def test_any_wrong_digit_makes_a_number_invalid() -> None:
    digits = str(card_number(6200, 1234567890))
    for place, digit in enumerate(digits):
        for other in set("0123456789") - {digit}:
            assert not number_is_valid(int(digits[:place] + other + digits[place + 1 :]))


def test_an_identity_is_laid_out_as_the_table_says() -> None:
    first, head = encode_identity(WANG, key_version=1)
    number = f"{WANG.number:016d}"
    assert first.hex() == "0101" + number + "03" + "02" + "20260101"
    assert head.hex() == "20301231" + "00000000"


@given(
    st.builds(card_number, st.integers(1, 9999), st.integers(0, 9_999_999_999)),
    st.integers(1, 3).map(CardKind),
    st.integers(0, 255),
    st.dates().map(lambda day: int(day.isoformat().replace("-", ""))),
)
def test_every_identity_comes_back(number: int, kind: CardKind, level: int, day: int) -> None:
    identity = CardIdentity(number, kind, level, day, day)
    first, head = encode_identity(identity, 7)
    assert decode_identity(first, head + bytes(8)) == identity


@pytest.mark.parametrize(
    ("offset", "value"),
    [(0, 2), (0, 0), (9, 0x11), (3, 0xAA), (10, 0), (10, 4), (14, 0x13), (15, 0x32)],
)
def test_fields_that_no_desk_wrote_are_refused(offset: int, value: int) -> None:
    first, head = encode_identity(WANG, 1)
    block = bytearray(first)
    block[offset] = value
    with pytest.raises(WrongCard) as refused:
        decode_identity(bytes(block), head + bytes(8))
    assert refused.value.reason is WrongReason.FORMAT


def test_a_slot_comes_back_only_in_its_own_place_on_its_own_card() -> None:
    block = SEAL.encode(0, 7, b"token-08")
    assert SEAL.decode(0, block) == Slot(SlotState.VALID, 7, b"token-08")
    assert SEAL.decode(1, block).state is SlotState.DAMAGED
    assert TokenSeal(cmac, UID[::-1], WANG.number).decode(0, block).state is SlotState.DAMAGED
    other = TokenSeal(cmac, UID, card_number(6200, 42))
    assert other.decode(0, block).state is SlotState.DAMAGED


def test_any_flipped_bit_damages_a_slot() -> None:
    block = int.from_bytes(SEAL.encode(1, 7, b"token-08"))
    for bit in range(128):
        assert SEAL.decode(1, (block ^ 1 << bit).to_bytes(16)).state is SlotState.DAMAGED


def test_a_slot_of_zeros_is_empty() -> None:
    assert SEAL.decode(0, EMPTY_BLOCK) == Slot(SlotState.EMPTY, 0, NO_TOKEN)


@pytest.mark.parametrize(
    ("newer", "older"), [(1, 0), (2, 1), (0, 2**32 - 1), (5, 2**32 - 5), (2**31, 1)]
)
def test_the_newer_number_is_known_across_the_turn(newer: int, older: int) -> None:
    assert is_after(newer, older)
    assert not is_after(older, newer)
    assert not is_after(newer, newer)


def test_the_current_slot_is_the_newer_valid_one() -> None:
    old, new = (Slot(SlotState.VALID, seq, NO_TOKEN) for seq in (3, 4))
    torn = Slot(SlotState.DAMAGED, 0, NO_TOKEN)
    assert current_slot((old, new)) == 1
    assert current_slot((new, old)) == 0
    assert current_slot((torn, old)) == 1
    assert current_slot((old, torn)) == 0
    assert current_slot((torn, torn)) is None
