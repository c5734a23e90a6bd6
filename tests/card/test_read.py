"""A tap and the token after it, on issued, foreign, forged and worn cards."""

from pathlib import Path

import pytest

from card.atr import CardFamily
from card.errors import CardGone, KeyMissing, StaleToken, WrongCard, WrongReason
from card.keyring import OFFICE_LABEL, Keyring, create_office_token, open_keyring
from card.keys import Master, issuing_key
from card.layout import IDENTITY, NO_TOKEN, CardKind, SlotState
from card.read import TappedCard, read_card, write_token
from fixtures.card_in_process import InProcess
from fixtures.mifare_card import (
    ATR_4K,
    PretendCard,
    PretendCpuCard,
    PretendMifare,
    blank_card,
    foreign_card,
)
from tests.card.world import FIRST_TOKEN, NEXT_TOKEN, SHORT_UID, UID, WANG, fresh, issued_card


def tap(card: PretendCard, till: Keyring) -> TappedCard:
    return read_card(InProcess(card), till)


def roll(card: PretendMifare, till: Keyring, *, seq: int, token: bytes = NEXT_TOKEN) -> TappedCard:
    return write_token(InProcess(card), till, tap(card, till), seq=seq, token=token)


@pytest.mark.parametrize("uid", [UID, SHORT_UID])
def test_a_till_reads_what_the_desk_wrote(office: Keyring, till: Keyring, uid: bytes) -> None:
    card = tap(issued_card(office, uid), till)
    assert (card.number, card.uid, card.family) == (WANG.number, uid, CardFamily.M1_1K)
    assert (card.is_member, card.has_purse, card.level) == (True, True, 2)
    assert (card.valid_from, card.valid_to, card.key_version) == (20260101, 20301231, 1)
    assert (card.token_seq, card.token, card.token_is_lost) == (1, FIRST_TOKEN, False)


def test_a_tap_costs_nine_commands(office: Keyring, till: Keyring) -> None:
    card = fresh(issued_card(office))
    tap(card, till)
    assert [apdu[1] for apdu in card.apdus] == [
        *(0xCA,),
        *(0x82, 0x86, 0xB0, 0xB0),
        *(0x82, 0x86, 0xB0, 0xB0),
    ]


def test_a_new_token_costs_four_commands(office: Keyring, till: Keyring) -> None:
    card = issued_card(office)
    tapped = tap(card, till)
    worn = fresh(card)
    write_token(InProcess(worn), till, tapped, seq=2, token=NEXT_TOKEN)
    assert [apdu[1] for apdu in worn.apdus] == [0x82, 0x86, 0xD6, 0xB0]


def test_tokens_take_turns_in_the_two_slots(office: Keyring, till: Keyring) -> None:
    card = issued_card(office)
    for seq in range(2, 8):
        token = bytes((seq,)) * 8
        written = roll(card, till, seq=seq, token=token)
        assert tap(card, till) == written
        assert (written.token_seq, written.token) == (seq, token)
    assert {slot.seq for slot in tap(card, till).slots} == {6, 7}


def test_a_token_that_is_not_newer_is_not_sent(office: Keyring, till: Keyring) -> None:
    card = issued_card(office)
    tapped = tap(card, till)
    sent = len(card.apdus)
    with pytest.raises(StaleToken):
        write_token(InProcess(card), till, tapped, seq=1, token=NEXT_TOKEN)
    assert len(card.apdus) == sent


def test_a_lost_token_refuses_nothing_and_is_written_anew(office: Keyring, till: Keyring) -> None:
    card = issued_card(office)
    card.blocks[8] = card.blocks[9] = b"\x5a" * 16
    tapped = tap(card, till)
    assert tapped.number == WANG.number
    assert (tapped.token_is_lost, tapped.token_seq, tapped.token) == (True, 0, NO_TOKEN)
    assert roll(card, till, seq=900).token_seq == 900
    assert not tap(card, till).token_is_lost


def test_a_closed_token_sector_counts_as_a_lost_token(office: Keyring, till: Keyring) -> None:
    card = issued_card(office)
    card.blocks[11] = bytes(16)
    assert tap(card, till).token_is_lost


def test_a_token_moved_to_the_other_slot_or_another_card_is_no_token(
    office: Keyring, till: Keyring
) -> None:
    card, other = issued_card(office), issued_card(office, SHORT_UID)
    card.blocks[9] = card.blocks[8]
    card.blocks[8] = other.blocks[8]
    assert [slot.state for slot in tap(card, till).slots] == [SlotState.DAMAGED] * 2


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        (blank_card(UID), WrongReason.BLANK),
        (foreign_card(UID), WrongReason.FOREIGN),
        (PretendCpuCard(), WrongReason.FAMILY),
    ],
)
def test_other_cards_are_told_apart(till: Keyring, card: PretendCard, reason: WrongReason) -> None:
    with pytest.raises(WrongCard) as wrong:
        tap(card, till)
    assert wrong.value.reason is reason
    named = {"name": "processor card"} if reason is WrongReason.FAMILY else {}
    assert wrong.value.params == {"reason": str(reason), **named}


def test_a_card_of_another_house_on_the_same_system_is_foreign(
    tmp_path: Path, till: Keyring
) -> None:
    create_office_token(tmp_path, "13572468")
    with open_keyring(tmp_path, "13572468", label=OFFICE_LABEL) as other_office:
        card = issued_card(other_office)
    with pytest.raises(WrongCard) as wrong:
        tap(card, till)
    assert wrong.value.reason is WrongReason.FOREIGN


def test_a_4k_card_is_one_of_ours_too(office: Keyring, till: Keyring) -> None:
    card = issued_card(office)
    card.atr = ATR_4K
    assert tap(card, till).family is CardFamily.M1_4K


@pytest.mark.parametrize("block", [4, 5])
def test_no_single_bit_of_the_identity_may_change(
    office: Keyring, till: Keyring, block: int
) -> None:
    issued = issued_card(office)
    for bit in range(128):
        forged = fresh(issued)
        forged.blocks[block] = (int.from_bytes(forged.blocks[block]) ^ 1 << bit).to_bytes(16)
        with pytest.raises(WrongCard) as wrong:
            tap(forged, till)
        assert wrong.value.reason is WrongReason.MAC


def test_an_identity_copied_to_another_chip_is_no_card(office: Keyring, till: Keyring) -> None:
    issued, clone = issued_card(office), issued_card(office, SHORT_UID)
    clone.blocks[4:6] = issued.blocks[4:6]
    with pytest.raises(WrongCard) as wrong:
        tap(clone, till)
    assert wrong.value.reason is WrongReason.MAC


def test_a_till_can_neither_write_an_identity_nor_open_with_key_b(
    office: Keyring, till: Keyring
) -> None:
    card = issued_card(office)
    with pytest.raises(KeyMissing):
        issuing_key(till, UID, IDENTITY)
    link = InProcess(card)
    before = list(card.blocks)
    read_card(link, till)
    for block in (4, 5, 7, 11, 3):
        link.transmit(bytes((0xFF, 0xD6, 0, block, 16)) + bytes(16))
    assert card.blocks == before


def test_a_token_for_one_card_does_not_land_on_another(office: Keyring, till: Keyring) -> None:
    card, other = issued_card(office), issued_card(office, SHORT_UID)
    tapped = tap(card, till)
    before = list(other.blocks)
    with pytest.raises(CardGone):
        write_token(InProcess(other), till, tapped, seq=2, token=NEXT_TOKEN)
    assert other.blocks == before


def test_kinds_are_flags(office: Keyring, till: Keyring) -> None:
    card = tap(issued_card(office), till)
    assert card.kind == CardKind.MEMBER | CardKind.STORED_VALUE
    assert office.cmac(Master.TOKEN, b"") == till.cmac(Master.TOKEN, b"")
