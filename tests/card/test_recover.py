"""A torn card explained in words, and every code the explanation can use."""

from dataclasses import replace

import pytest

from card.errors import DebitUncertain
from card.intent import DebitIntent
from card.keyring import Keyring
from card.purse import resolve
from card.purse_facts import OURS
from card.read import read_card
from card.recover import explain, explain_token
from card.verdict import Evidence, Reason, Verdict, decide
from fixtures.card_in_process import InProcess
from fixtures.mifare_card import PretendMifare
from fixtures.purse_card import PretendPurse, PurseFaults
from tests.card.purses import BALANCE, OTHER_SERIAL, Journal, again, pay, purse, soft_sam
from tests.card.world import issued_card


def torn(when: str) -> tuple[PretendPurse, DebitIntent]:
    after = when == "after"
    faults = PurseFaults(lose_after=3) if after else PurseFaults(lose_before=3)
    card, journal = purse(faults=faults), Journal()
    with pytest.raises(DebitUncertain):
        pay(InProcess(card), soft_sam(), journal=journal)
    assert isinstance(journal[0], DebitIntent)
    return again(card), journal[0]


def codes(card: PretendPurse, intent: DebitIntent) -> list[str]:
    found = resolve(InProcess(card), None, intent, profile=OURS)
    return [step.code for step in explain(intent, found)]


def test_a_debit_that_happened_is_told_with_its_proof() -> None:
    assert codes(*torn("after")) == [
        "debit_was_sent",
        "card_tells_balance",
        "card_tells_counter",
        "card_proves_it",
        "because_proof_right",
        "verdict_committed",
        "book_it",
    ]


def test_a_debit_that_never_happened_is_told() -> None:
    told = codes(*torn("before"))
    assert told[-3:] == [
        "because_unchanged",
        "verdict_not_committed",
        "start_again_or_other_tender",
    ]


def test_another_card_asks_for_the_first() -> None:
    _, intent = torn("after")
    assert codes(purse(OTHER_SERIAL), intent)[-1] == "put_same_card_back"


@pytest.mark.parametrize(
    ("balance", "counter", "verdict", "reason"),
    [
        (BALANCE, 7, Verdict.NOT_COMMITTED, Reason.UNCHANGED),
        (BALANCE - 1234, 8, Verdict.COMMITTED_NO_TAC, Reason.MOVED_WITHOUT_PROOF),
        (BALANCE - 1234, 9, Verdict.REVIEW, Reason.USED_ELSEWHERE),
        (BALANCE - 1234, 7, Verdict.REVIEW, Reason.USED_ELSEWHERE),
        (BALANCE, 8, Verdict.REVIEW, Reason.USED_ELSEWHERE),
        (BALANCE + 1, 7, Verdict.REVIEW, Reason.USED_ELSEWHERE),
        (BALANCE, None, Verdict.REVIEW, Reason.COUNTER_UNREADABLE),
        (None, None, Verdict.IN_DOUBT, Reason.UNREADABLE),
    ],
)
def test_the_decision_table_without_a_proof(
    balance: int | None, counter: int | None, verdict: Verdict, reason: Reason
) -> None:
    _, intent = torn("after")
    found = decide(intent, Evidence(balance, counter, ()))
    assert (found.verdict, found.reason) == (verdict, reason)
    assert explain(intent, found)


def test_the_counter_may_turn_over() -> None:
    _, intent = torn("after")
    last = replace(intent, counter=0xFFFF)
    found = decide(last, Evidence(intent.balance_after, 0, ()))
    assert found.verdict is Verdict.COMMITTED_NO_TAC


def token_codes(card: PretendMifare, till: Keyring, seq: int | None = None) -> list[str]:
    return [step.code for step in explain_token(read_card(InProcess(card), till), seq)]


def test_a_member_cards_token_is_explained(office: Keyring, till: Keyring) -> None:
    card = issued_card(office)
    assert token_codes(card, till)[-2:] == ["token_stands", "nothing_to_do"]
    assert token_codes(card, till, 1)[-2:] == ["token_was_written", "nothing_to_do"]
    assert token_codes(card, till, 2)[-2:] == ["token_was_not_written", "office_gives_new_token"]
    assert token_codes(card, till, 0)[-1] == "office_compares"
    card.blocks[9] = bytes(range(16))
    assert "one_slot_torn_other_stands" in token_codes(card, till)
    card.blocks[8] = bytes(range(16))
    assert token_codes(card, till)[-2:] == ["token_lost", "office_gives_new_token"]
