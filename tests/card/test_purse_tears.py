"""A purse pulled at every command of every movement of money, before and after it took effect.

Afterwards the same card is put back and asked. The verdict must be what the card's memory says:
never a second debit, never a lost one.
"""

import itertools
from dataclasses import replace

import pytest

from card import host
from card.errors import CardError, DebitUncertain
from card.intent import DebitIntent, LoadIntent
from card.purse import CappUpdate, debit, resolve
from card.purse_facts import OURS, Purchase, PurseProfile
from card.sam import Sam
from card.topup import HostAnswer, LoadRequest, load, resolve_load, unload
from card.verdict import Verdict
from fixtures.card_in_process import InProcess
from fixtures.purse_card import PretendPurse, PurseFaults, Ways
from tests.card.purses import (
    BALANCE,
    MOMENT,
    NOON,
    OTHER_SERIAL,
    PIN,
    TERMINAL,
    UID,
    Journal,
    KnownKeys,
    again,
    facts,
    psam,
    purse,
    soft_sam,
)

pytestmark = pytest.mark.filterwarnings("error")
AMOUNT = 1234
CAPP = replace(OURS, purchase=Purchase.CAPP)


class Office:
    def answer_load(self, request: LoadRequest, /) -> HostAnswer:
        return host.answer_load(KnownKeys(), request, MOMENT)


MAKES = [Ways(), Ways(proof_after=False), Ways(is_contact=True)]


def lost(when: str, at: int) -> PurseFaults:
    is_after = when == "lose_after"
    return PurseFaults(lose_after=at) if is_after else PurseFaults(lose_before=at)


def profile_for(profile: PurseProfile, ways: Ways) -> PurseProfile:
    return replace(profile, append_le=not ways.is_contact)


@pytest.mark.parametrize("uses_psam", [False, True], ids=["soft", "psam"])
@pytest.mark.parametrize("when", ["lose_before", "lose_after"])
@pytest.mark.parametrize("make", range(3), ids=["after", "before", "contact"])
@pytest.mark.parametrize("compound", [False, True], ids=["plain", "compound"])
def test_a_debit_torn_anywhere_is_judged_as_it_was(
    *, make: int, when: str, compound: bool, uses_psam: bool
) -> None:
    for at in itertools.count(1):
        ways = MAKES[make]
        profile = profile_for(CAPP if compound else OURS, ways)
        card = purse(ways=replace(ways), faults=lost(when, at))
        sam = psam() if uses_psam else soft_sam()
        journal = Journal()
        try:
            take(card, sam, journal, profile)
        except DebitUncertain:
            assert_judged(card, sam, journal, profile)
            continue
        except CardError:
            # Nothing was sent that moves money.
            assert card.memory.purses[2].balance == BALANCE
            assert not any(apdu[1] == 0x54 for apdu in card.apdus)
            continue
        assert at > len(card.apdus)
        break
    assert at > (3 if not compound else 4)


def take(card: PretendPurse, sam: Sam, journal: Journal, profile: PurseProfile) -> None:
    known = replace(facts(card), profile=profile)
    capp = CappUpdate(0x17, 1, b"entry") if profile.purchase is Purchase.CAPP else None
    debit(
        InProcess(card),
        sam,
        AMOUNT,
        card=known,
        when=NOON,
        before_commit=journal.write,
        uid=UID,
        capp=capp,
    )


def assert_judged(card: PretendPurse, sam: Sam, journal: Journal, profile: PurseProfile) -> None:
    [intent] = journal
    assert isinstance(intent, DebitIntent)
    moved = card.memory.purses[2].balance == BALANCE - AMOUNT
    assert moved or card.memory.purses[2].balance == BALANCE
    assert sum(apdu[1] == 0x54 for apdu in card.apdus) == 1
    for module in (sam, None):
        back = again(card)
        found = resolve(InProcess(back), module, intent, profile=profile)
        wanted = Verdict.COMMITTED if moved else Verdict.NOT_COMMITTED
        assert found.verdict is wanted
        assert not any(apdu[1] == 0x54 for apdu in back.apdus)
        if moved:
            assert host.purchase_tac_is_right(KnownKeys(), intent, found.tac)
            assert (card.memory.records[0x17] == [b"entry"]) is (intent.kind == Purchase.CAPP)


def torn_after() -> tuple[PretendPurse, DebitIntent]:
    card, journal = purse(faults=PurseFaults(lose_after=3)), Journal()
    with pytest.raises(DebitUncertain):
        take(card, soft_sam(), journal, OURS)
    assert isinstance(journal[0], DebitIntent)
    return card, journal[0]


def judge(card: PretendPurse, intent: DebitIntent) -> Verdict:
    return resolve(InProcess(card), None, intent, profile=OURS).verdict


def test_without_a_proof_the_counter_and_the_balance_tell() -> None:
    card, intent = torn_after()
    card.memory.proof = None
    assert judge(again(card), intent) is Verdict.COMMITTED_NO_TAC


def test_a_forged_proof_goes_to_review() -> None:
    card, intent = torn_after()
    assert card.memory.proof is not None
    kind, counter, _, tac = card.memory.proof
    card.memory.proof = (kind, counter, b"\x00\x01\x02\x03", tac)
    assert judge(again(card), intent) is Verdict.REVIEW


def test_a_card_used_elsewhere_meanwhile_goes_to_review() -> None:
    card, intent = torn_after()
    back = again(card)
    take(back, soft_sam(first=50), Journal(), OURS)
    assert judge(again(back), intent) is Verdict.REVIEW


def test_another_card_is_asked_to_be_swapped_for_the_first() -> None:
    _, intent = torn_after()
    assert judge(purse(OTHER_SERIAL), intent) is Verdict.OTHER_CARD
    assert judge(purse(uid=bytes.fromhex("04A1B2C3D4E5F7")), intent) is Verdict.OTHER_CARD


def test_the_proof_of_the_purchase_before_proves_nothing() -> None:
    card = purse()
    take(card, soft_sam(), Journal(), OURS)
    before = card.memory.purses[2].balance
    journal = Journal()
    with pytest.raises(DebitUncertain):
        take(again(card, PurseFaults(lose_before=3)), soft_sam(first=2), journal, OURS)
    assert isinstance(journal[0], DebitIntent)
    forgetful = replace(journal[0], expected_mac2=b"")
    for intent in (journal[0], forgetful):
        assert judge(again(card), intent) is Verdict.NOT_COMMITTED
    assert card.memory.purses[2].balance == before


@pytest.mark.parametrize("at", range(1, 6))
@pytest.mark.parametrize("when", ["lose_before", "lose_after"])
def test_a_card_that_leaves_again_while_asked_is_still_in_doubt(when: str, at: int) -> None:
    card, intent = torn_after()
    back = again(card, lost(when, at))
    verdict = judge(back, intent)
    assert verdict in (Verdict.IN_DOUBT, Verdict.COMMITTED, Verdict.OTHER_CARD)
    assert judge(again(card), intent) is Verdict.COMMITTED


@pytest.mark.parametrize("back", [False, True], ids=["load", "unload"])
@pytest.mark.parametrize("when", ["lose_before", "lose_after"])
@pytest.mark.parametrize("make", range(3), ids=["after", "before", "contact"])
def test_a_load_torn_anywhere_is_judged_as_it_was(*, make: int, when: str, back: bool) -> None:
    move, change = (unload, -AMOUNT) if back else (load, AMOUNT)
    for at in itertools.count(1):
        profile = profile_for(OURS, MAKES[make])
        card = purse(ways=replace(MAKES[make]), faults=lost(when, at))
        known, journal = replace(facts(card), profile=profile), Journal()
        try:
            proof = move(
                InProcess(card),
                Office(),
                AMOUNT,
                card=known,
                terminal=TERMINAL,
                before_commit=journal.write,
                pin=PIN,
            )
        except DebitUncertain:
            [intent] = journal
            assert isinstance(intent, LoadIntent)
            moved = card.memory.purses[2].balance == BALANCE + change
            found = resolve_load(InProcess(again(card)), intent, profile=profile, pin=PIN)
            wanted = Verdict.COMMITTED if moved else Verdict.NOT_COMMITTED
            assert found.verdict is wanted
            if moved and not back:
                assert host.load_tac_is_right(KnownKeys(), intent, found.tac)
            continue
        except CardError:
            assert card.memory.purses[2].balance == BALANCE
            continue
        assert card.memory.purses[2].balance == BALANCE + change == proof.intent.balance_after
        break


def test_a_load_spent_since_is_never_paid_back() -> None:
    card, journal = purse(faults=PurseFaults(lose_after=4)), Journal()
    with pytest.raises(DebitUncertain):
        load(
            InProcess(card),
            Office(),
            AMOUNT,
            card=facts(card),
            terminal=TERMINAL,
            before_commit=journal.write,
            pin=PIN,
        )
    [intent] = journal
    assert isinstance(intent, LoadIntent)
    spent = again(card)
    take(spent, soft_sam(), Journal(), OURS)
    assert spent.memory.purses[2].balance == BALANCE
    for pin in (PIN, b""):
        found = resolve_load(InProcess(again(spent)), intent, profile=OURS, pin=pin)
        assert found.verdict is Verdict.REVIEW
