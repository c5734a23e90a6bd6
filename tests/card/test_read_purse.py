"""Our processor card at a tap: identity, balance, and everything that is not it."""

import pytest

from card.atr import CardFamily
from card.errors import BadAnswer, CardError, ProofWrong, WrongCard, WrongReason
from card.keyring import Keyring
from card.layout import CardIdentity, CardKind
from card.purse import resolve
from card.purse_facts import OURS
from card.read import public_file, read_card
from card.verdict import Verdict
from fixtures.card_in_process import InProcess
from fixtures.hostile_card import MuteCard, YesCard, fix_random
from fixtures.mifare_card import ATR_CPU, PretendMifare
from fixtures.purse_card import PretendPurse
from tests.card.purses import BALANCE, SERIAL, UID, Journal, again, pay, purse, soft_sam
from tests.card.world import WANG, issued_card

WANGS = CardIdentity(
    int(SERIAL.hex()), CardKind.MEMBER | CardKind.STORED_VALUE, 2, 20260101, 20301231
)


def ours(office: Keyring) -> PretendPurse:
    card = purse()
    card.memory.binaries[0x15] = public_file(WANGS, office)
    return card


def test_a_purse_of_ours_is_read_in_three_commands(office: Keyring, till: Keyring) -> None:
    card = ours(office)
    tapped = read_card(InProcess(card), till)
    assert (tapped.number, tapped.level, tapped.family) == (WANGS.number, 2, CardFamily.CPU)
    assert (tapped.valid_from, tapped.valid_to) == (20260101, 20301231)
    assert tapped.is_member
    assert tapped.has_purse
    assert tapped.uid == UID
    assert tapped.purse is not None
    assert (tapped.purse.balance_fen, tapped.purse.serial) == (BALANCE, SERIAL)
    assert not tapped.carries_token
    assert len(card.apdus) == 3


@pytest.mark.parametrize("at", range(8, 38))
def test_an_identity_that_was_changed_is_refused(office: Keyring, till: Keyring, at: int) -> None:
    card = ours(office)
    public = bytearray(card.memory.binaries[0x15])
    public[at] ^= 0x01
    card.memory.binaries[0x15] = bytes(public)
    with pytest.raises(WrongCard) as wrong:
        read_card(InProcess(card), till)
    assert wrong.value.reason is WrongReason.MAC


def test_a_combined_chip_shown_as_processor_card_is_read_as_m1(
    office: Keyring, till: Keyring
) -> None:
    card = issued_card(office)
    card.atr = ATR_CPU
    assert read_card(InProcess(card), till).number == WANG.number


def test_a_combined_chip_shown_as_m1_is_read_as_purse(office: Keyring, till: Keyring) -> None:
    class Both(PretendMifare):
        face = ours(office)

        def answer(self, apdu: bytes) -> bytes:
            return super().answer(apdu) if apdu[0] == 0xFF else self.face.answer(apdu)

    card = Both(UID)
    for trailer in range(3, 64, 4):
        card.blocks[trailer] = bytes.fromhex("B0B1B2B3B4B5 787788C1 C0C1C2C3C4C5")
    assert read_card(InProcess(card), till).family is CardFamily.CPU


def test_a_card_that_says_yes_to_all_never_pays(office: Keyring, till: Keyring) -> None:
    card = YesCard(ours(office).memory, uid=UID)
    journal = Journal()
    with pytest.raises(ProofWrong):
        pay(InProcess(card), soft_sam(), journal=journal)
    found = resolve(InProcess(again(card)), None, journal[0], profile=OURS)  # type: ignore[arg-type]
    assert found.verdict is Verdict.REVIEW


def test_a_random_that_never_changes_gains_nothing(office: Keyring) -> None:
    card, sam = fix_random(ours(office)), soft_sam()
    first = pay(InProcess(card), sam, 100)
    second = pay(InProcess(card), sam, 100)
    assert first.intent.mac1 != second.intent.mac1
    assert first.tac != second.tac


def test_a_mute_card_is_a_bad_answer(till: Keyring) -> None:
    with pytest.raises(BadAnswer):
        read_card(InProcess(MuteCard()), till)


def test_a_blocked_purse_is_told(office: Keyring, till: Keyring) -> None:
    card = ours(office)
    card.memory.blocked = "for now"
    with pytest.raises(CardError, match="card_blocked"):
        read_card(InProcess(card), till)
