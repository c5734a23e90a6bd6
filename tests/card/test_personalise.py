"""Issuing at the desk."""

from dataclasses import replace

import pytest

from card.access_bits import decode as decode_access
from card.errors import CardRefused, DamagedCard, KeyMissing, WrongCard, WrongReason
from card.keyring import Keyring
from card.layout import APPLICATION_ID, CardKind, card_number
from card.mad import decode as decode_mad
from card.personalise import personalise
from card.read import read_card
from fixtures.card_in_process import InProcess
from fixtures.mifare_card import Faults, PretendCpuCard, blank_card, foreign_card
from tests.card.world import FIRST_TOKEN, NEXT_TOKEN, SHORT_UID, UID, WANG, issue, issued_card


@pytest.mark.parametrize("uid", [UID, SHORT_UID])
def test_a_blank_card_becomes_the_one_that_was_asked_for(
    office: Keyring, till: Keyring, uid: bytes
) -> None:
    card = blank_card(uid)
    made = issue(card, office)
    assert made == read_card(InProcess(card), till)
    assert (made.number, made.token_seq, made.token) == (WANG.number, 1, FIRST_TOKEN)


def test_the_directory_names_our_two_sectors(office: Keyring) -> None:
    card = issued_card(office)
    assert decode_mad(card.blocks[1] + card.blocks[2]) == {1: APPLICATION_ID, 2: APPLICATION_ID}
    assert card.blocks[3][:6].hex().upper() == "A0A1A2A3A4A5"
    assert card.blocks[3][9] == 0xC1


def test_every_trailer_on_the_card_decodes(office: Keyring) -> None:
    card = issued_card(office)
    for trailer in range(3, 64, 4):
        decode_access(card.blocks[trailer][6:9])


def test_no_key_of_one_card_opens_another(office: Keyring) -> None:
    keys = [
        key
        for uid in (UID, SHORT_UID)
        for card in [issued_card(office, uid)]
        for trailer in (3, 7, 11)
        for key in (card.blocks[trailer][:6], card.blocks[trailer][10:])
    ]
    public = bytes.fromhex("A0A1A2A3A4A5")
    secret = [key for key in keys if key != public]
    assert len(secret) == len(set(secret)) == 10
    assert b"\xff" * 6 not in secret


def test_the_other_sectors_stay_as_they_were(office: Keyring) -> None:
    assert issued_card(office).blocks[12:] == blank_card(UID).blocks[12:]


def test_the_same_identity_again_changes_nothing(office: Keyring) -> None:
    card = issued_card(office)
    before, writes = list(card.blocks), card.writes
    issue(card, office)
    assert card.blocks == before
    assert card.writes == writes


def test_the_same_identity_again_repairs_a_lost_token(office: Keyring, till: Keyring) -> None:
    card = issued_card(office)
    card.blocks[8] = card.blocks[9] = b"\x77" * 16
    issue(card, office, seq=12)
    assert read_card(InProcess(card), till).token_seq == 12


def test_the_same_identity_again_repairs_a_torn_identity(office: Keyring, till: Keyring) -> None:
    card = issued_card(office)
    card.blocks[5] = b"\x77" * 16
    issue(card, office)
    assert read_card(InProcess(card), till).number == WANG.number


@pytest.mark.parametrize(
    "other",
    [
        replace(WANG, number=card_number(6200, 42)),
        replace(WANG, level=1),
        replace(WANG, kind=CardKind.MEMBER),
    ],
)
def test_a_card_already_issued_as_another_is_left_alone(office: Keyring, other: object) -> None:
    card = issued_card(office)
    before = list(card.blocks)
    with pytest.raises(WrongCard) as wrong:
        issue(card, office, other)  # type: ignore[arg-type]
    assert wrong.value.reason is WrongReason.ALREADY_ISSUED
    assert card.blocks == before


def test_a_foreign_card_is_not_touched(office: Keyring) -> None:
    card = foreign_card(UID)
    before = list(card.blocks)
    with pytest.raises(WrongCard) as wrong:
        issue(card, office)
    assert wrong.value.reason is WrongReason.FOREIGN
    assert card.blocks == before


def test_a_processor_card_is_not_touched(office: Keyring) -> None:
    with pytest.raises(WrongCard) as wrong:
        personalise(InProcess(PretendCpuCard()), office, WANG, seq=1, token=FIRST_TOKEN)
    assert wrong.value.reason is WrongReason.FAMILY


def test_a_till_cannot_issue_and_writes_nothing(till: Keyring) -> None:
    card = blank_card(UID)
    with pytest.raises(KeyMissing):
        issue(card, till)
    assert card.writes == 0


def test_a_sector_that_no_longer_opens_is_told_as_damage(office: Keyring) -> None:
    card = issued_card(office)
    card.blocks[11] = bytes(16)
    with pytest.raises(DamagedCard) as damaged:
        issue(card, office)
    assert damaged.value.sector == 2


def test_a_reader_that_refuses_a_write_is_told_and_the_card_finished_later(
    office: Keyring, till: Keyring
) -> None:
    card = blank_card(UID)
    card.faults = Faults(tear_write_at=4, torn=lambda old, _new: old, stay_after_tear=True)
    with pytest.raises(CardRefused):
        issue(card, office)
    card.faults = Faults()
    issue(card, office)
    assert read_card(InProcess(card), till).token == FIRST_TOKEN
    assert NEXT_TOKEN != FIRST_TOKEN
