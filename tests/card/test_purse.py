"""Money taken from a purse, whole; what goes wrong before the card is touched."""

from dataclasses import replace

import pytest

from card import host, mac
from card.errors import (
    CardBlocked,
    CardRefused,
    DebitUncertain,
    InsufficientBalance,
    ProofWrong,
    WrongCard,
)
from card.keys import PurseMaster
from card.psam import open_psam
from card.purse import CappUpdate, debit, resolve
from card.purse_facts import OURS, Purchase
from card.sam import Sam
from card.verdict import Verdict
from fixtures.card_in_process import InProcess
from fixtures.psam_card import PretendPsam
from fixtures.purse_card import PretendPurse, PurseFaults, Ways
from tests.card.purses import (
    BALANCE,
    MASTERS,
    MOMENT,
    NOON,
    OTHER_SERIAL,
    SERIAL,
    TERMINAL,
    UID,
    Journal,
    KnownKeys,
    facts,
    pay,
    psam,
    purse,
    soft_sam,
)

pytestmark = pytest.mark.filterwarnings("error")
CARD_APDUS = 3


@pytest.fixture(params=["soft", "psam"])
def sam(request: pytest.FixtureRequest) -> Sam:
    return soft_sam() if request.param == "soft" else psam()


def test_a_purchase_moves_money_once_and_proves_it(sam: Sam) -> None:
    card, journal = purse(), Journal()
    proof = pay(InProcess(card), sam, journal=journal)
    assert card.memory.purses[2].balance == proof.balance_after == BALANCE - 1234
    assert (proof.balance_before, proof.offline_counter) == (BALANCE, 7)
    assert proof.mac2_checked
    assert journal == [proof.intent]
    assert proof.intent.moment == MOMENT
    assert host.purchase_tac_is_right(KnownKeys(), proof.intent, proof.tac)
    assert not host.purchase_tac_is_right(KnownKeys(), proof.intent, b"\x00" * 4)
    assert len(card.apdus) == CARD_APDUS


def test_the_intent_is_written_before_the_card_is_asked_for_money() -> None:
    card = purse()

    class Full(Exception):
        pass

    def disk_is_full(_intent: object) -> None:
        assert card.apdus[-1][1] == 0x50
        raise Full

    with pytest.raises(Full):
        debit(
            InProcess(card), soft_sam(), 1, card=facts(card), when=NOON, before_commit=disk_is_full
        )
    assert card.memory.purses[2].balance == BALANCE
    assert not any(apdu[1] == 0x54 for apdu in card.apdus)


@pytest.mark.parametrize(
    "ways",
    [
        Ways(is_contact=True),
        Ways(tells_public=False),
        Ways(proof_after=False),
        Ways(strict_le=True),
    ],
    ids=["contact", "file-0015", "proof-by-counter-before", "no-le"],
)
def test_makes_of_cards_that_differ(ways: Ways) -> None:
    card = purse(ways=ways)
    profile = replace(OURS, append_le=not (ways.is_contact or ways.strict_le))
    known = replace(facts(card), profile=profile)
    proof = debit(
        InProcess(card), soft_sam(), 700, card=known, when=NOON, before_commit=Journal().write
    )
    assert proof.mac2_checked
    assert card.memory.purses[2].balance == BALANCE - 700
    verdict = resolve(InProcess(card), None, proof.intent, profile=profile).verdict
    assert verdict is Verdict.COMMITTED


def test_a_compound_purchase_with_the_city_code_writes_its_record_too() -> None:
    code = bytes.fromhex("8588D32B7688D32B76")
    card = purse(ways=Ways(code=code))
    profile = replace(OURS, purchase=Purchase.CAPP, with_identification=True)
    known = replace(facts(card), profile=profile)
    record = CappUpdate(0x17, 2, bytes(range(48)))
    paid = debit(
        InProcess(card),
        soft_sam(),
        300,
        card=known,
        when=NOON,
        before_commit=Journal().write,
        capp=record,
    )
    assert card.memory.records[0x17][1] == record.content
    assert host.purchase_tac_is_right(KnownKeys(), paid.intent, paid.tac)


def test_too_little_money_is_told_and_nothing_taken() -> None:
    card = purse(balance=100)
    with pytest.raises(InsufficientBalance):
        pay(InProcess(card), soft_sam(), 101)
    assert card.memory.purses[2].balance == 100
    assert pay(InProcess(card), soft_sam(), 100).balance_after == 0


def test_another_card_is_never_debited() -> None:
    card = purse(OTHER_SERIAL)
    with pytest.raises(WrongCard):
        pay(InProcess(card), soft_sam())
    assert len(card.apdus) == 1


def test_a_blocked_application_is_told() -> None:
    card = purse()
    card.memory.blocked = "for now"
    with pytest.raises(CardBlocked):
        pay(InProcess(card), soft_sam())


def test_a_card_with_other_keys_refuses_and_keeps_its_money() -> None:
    card = purse()
    card.memory.keys[0x3E, 1].key = bytes(16)
    with pytest.raises(CardRefused) as refused:
        pay(InProcess(card), soft_sam())
    assert refused.value.sw == 0x9302
    assert card.memory.purses[2].balance == BALANCE


class Liar(PretendPurse):
    """Says yes to every debit, takes nothing, and answers with what it likes."""

    def _purchase(self, body: bytes) -> tuple[bytes, int]:
        return b"\x11\x22\x33\x44\x55\x66\x77\x88", 0x9000


def test_a_card_that_only_says_yes_is_found_out(sam: Sam) -> None:
    honest = purse()
    card = Liar(honest.memory, uid=UID)
    with pytest.raises(ProofWrong) as wrong:
        pay(InProcess(card), sam)
    assert wrong.value.intent.amount == 1234


def test_a_module_that_dies_at_the_end_leaves_the_cards_word_standing() -> None:
    chip = PretendPsam(MASTERS[PurseMaster.PURCHASE], terminal=TERMINAL)
    module = psam(chip)
    chip.faults = PurseFaults(lose_before=len(chip.apdus) + 3)
    proof = pay(InProcess(purse()), module)
    assert not proof.mac2_checked
    assert host.purchase_tac_is_right(KnownKeys(), proof.intent, proof.tac)


def test_a_module_that_dies_before_leaves_the_card_alone() -> None:
    chip = PretendPsam(MASTERS[PurseMaster.PURCHASE], terminal=TERMINAL)
    module = psam(chip)
    chip.faults = PurseFaults(lose_before=len(chip.apdus) + 1)
    card = purse()
    with pytest.raises(Exception, match="card_gone"):
        pay(InProcess(card), module)
    assert card.memory.purses[2].balance == BALANCE


def test_the_module_speaks_the_published_apdus() -> None:
    chip = PretendPsam(MASTERS[PurseMaster.PURCHASE], terminal=TERMINAL)
    pay(InProcess(purse()), psam(chip))
    heads = [apdu[:5].hex() for apdu in chip.apdus]
    assert heads == [
        "00a4000002",
        "00b0960006",
        "00a4000002",
        "00b0970001",
        "807000001c",
        "00c0000008",
        "8072000004",
    ]


def test_a_module_wants_its_mac2_before_the_next_purchase() -> None:
    module = psam()
    card = purse()
    pay(InProcess(card), module, 100)
    pay(InProcess(card), module, 100)
    assert card.memory.purses[2].balance == BALANCE - 200


def test_what_is_no_module_is_told() -> None:
    with pytest.raises(Exception, match="sam_missing"):
        open_psam(InProcess(purse(ways=Ways(is_contact=True))), application=0xDF01)


def test_a_status_after_the_debit_is_not_believed_without_looking() -> None:
    card = purse(faults=PurseFaults(answers={3: b"\x65\x81"}))
    proof = pay(InProcess(card), soft_sam())
    assert proof.mac2_checked
    assert card.memory.purses[2].balance == BALANCE - 1234
    assert sum(apdu[1] == 0x54 for apdu in card.apdus) == 1


def test_a_wrong_length_after_the_debit_never_repeats_it() -> None:
    card = purse(faults=PurseFaults(answers={3: b"\x6c\x08"}))
    pay(InProcess(card), soft_sam())
    assert sum(apdu[1] == 0x54 for apdu in card.apdus) == 1


def test_a_debit_without_an_answer_is_uncertain_with_its_intent() -> None:
    card = purse(faults=PurseFaults(lose_after=3))
    journal = Journal()
    with pytest.raises(DebitUncertain) as doubt:
        pay(InProcess(card), soft_sam(), journal=journal)
    assert [doubt.value.intent] == journal
    assert doubt.value.intent.card_serial == SERIAL


def test_a_factor_is_the_serials_last_eight_bytes() -> None:
    key = mac.diversified(MASTERS[PurseMaster.PURCHASE], SERIAL)
    assert purse().memory.keys[0x3E, 1].key == key
