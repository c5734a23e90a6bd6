"""Issuing a processor card: from the maker's transport key to a purse that pays, torn anywhere."""

import copy
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from card.connection import Connection
from card.errors import CardGone, CardRefused, KeyMissing, WrongCard, WrongReason
from card.host import answer_load, load_tac_is_right, purchase_tac_is_right
from card.keyring import Keyring
from card.layout import CardIdentity, CardKind, card_number
from card.personalise_purse import TRANSPORT_KEY, number_on, personalise_purse
from card.purse import debit
from card.read import TappedCard, read_card
from card.softsam import SoftSam
from card.topup import HostAnswer, LoadRequest, load
from fixtures.blank_purse import BlankPurse
from fixtures.card_in_process import InProcess
from fixtures.purse_card import PurseFaults
from tests.card.purses import MOMENT, NOON, TERMINAL, UID

if TYPE_CHECKING:
    from card.intent import Intent

LI = CardIdentity(
    card_number(6200, 77), CardKind.MEMBER | CardKind.STORED_VALUE, 2, 20260101, 20301231
)
OTHER = replace(LI, number=card_number(6200, 78))


def again(card: BlankPurse, faults: PurseFaults | None = None) -> BlankPurse:
    """The same chip put back, its commands counted from one."""
    return BlankPurse(card.uid, memory=copy.deepcopy(card.memory), faults=faults)


def issue(card: BlankPurse, keys: Keyring, identity: CardIdentity = LI) -> TappedCard:
    return personalise_purse(InProcess(card), keys, identity)


class Desk:
    """The office at one card."""

    def __init__(self, keys: Keyring) -> None:
        self.keys = keys

    def answer_load(self, request: LoadRequest, /) -> HostAnswer:
        return answer_load(self.keys, request, MOMENT)


def test_a_blank_chip_becomes_the_card_that_was_asked_for(office: Keyring, till: Keyring) -> None:
    card = BlankPurse(UID)
    made = issue(card, office)
    assert made == read_card(InProcess(card), till)
    assert (made.number, made.kind, made.level) == (LI.number, LI.kind, 2)
    assert made.purse is not None
    assert made.purse.balance_fen == 0
    assert card.memory.root.control.key != TRANSPORT_KEY


def test_an_issued_purse_is_loaded_and_pays_at_a_till(office: Keyring, till: Keyring) -> None:
    card = BlankPurse(UID)
    facts = issue(card, office).purse
    assert facts is not None
    journal: list[Intent] = []
    loaded = load(
        InProcess(card), Desk(office), 5000, card=facts, terminal=TERMINAL,
        before_commit=journal.append,
    )  # fmt: skip
    assert load_tac_is_right(office, loaded.intent, loaded.tac)
    sam = SoftSam(till, terminal=TERMINAL, next_serial=lambda: 9)
    tapped = read_card(InProcess(card), till).purse
    assert tapped is not None
    paid = debit(
        InProcess(card), sam, 1234, card=tapped, when=NOON, before_commit=journal.append, uid=UID
    )
    assert purchase_tac_is_right(office, paid.intent, paid.tac)
    assert card.memory.purses[2].balance == 5000 - 1234


def test_no_key_is_ever_on_the_wire_in_the_clear(office: Keyring) -> None:
    card = BlankPurse(UID)
    issue(card, office)
    wire = b"".join(card.apdus)
    held = [*(key.key for key in card.memory.keys.values()), card.memory.root.control.key]
    assert len(held) == len(set(held)) == 7
    assert all(key[:8] not in wire and key[8:] not in wire for key in held)


def test_no_two_cards_share_a_key(office: Keyring) -> None:
    one, two = BlankPurse(UID), BlankPurse(UID[::-1])
    issue(one, office)
    issue(two, office, OTHER)
    keys = {key.key for card in (one, two) for key in card.memory.keys.values()}
    assert len(keys) == 12


def test_the_same_identity_again_writes_nothing(office: Keyring) -> None:
    card = BlankPurse(UID)
    issue(card, office)
    back = again(card)
    issue(back, office)
    assert back.memory == card.memory
    assert {apdu[1] for apdu in back.apdus} <= {0xA4, 0xB0, 0x5C, 0xCA}


def test_an_issued_card_is_not_issued_as_another(office: Keyring) -> None:
    card = BlankPurse(UID)
    issue(card, office)
    with pytest.raises(WrongCard) as caught:
        issue(again(card), office, OTHER)
    assert caught.value.reason is WrongReason.ALREADY_ISSUED


def test_a_chip_under_another_issuers_key_is_refused_after_one_try(office: Keyring) -> None:
    card = BlankPurse(UID)
    card.memory.root.control.key = bytes(range(16))
    with pytest.raises(WrongCard) as caught:
        issue(card, office)
    assert caught.value.reason is WrongReason.FOREIGN
    assert card.memory.root.control.tries == 14
    assert card.memory.name == b""


def test_a_till_cannot_issue_and_writes_nothing(till: Keyring) -> None:
    card = BlankPurse(UID)
    with pytest.raises(KeyMissing):
        issue(card, till)
    assert card.memory.name == b""


def test_after_issue_nobody_adds_a_key_or_erases(office: Keyring) -> None:
    card = BlankPurse(UID)
    issue(card, office)
    link = InProcess(again(card))
    link.transmit(bytes.fromhex("00A40000023F01"))
    assert link.transmit(bytes.fromhex("800E000000")) == (b"", 0x6982)
    assert link.transmit(bytes.fromhex("80E0001607280020F0F0FFFF")) == (b"", 0x6982)


@pytest.mark.parametrize("is_after", [False, True])
def test_a_card_pulled_at_any_command_is_no_card_and_is_finished_by_the_same_call(
    office: Keyring, till: Keyring, *, is_after: bool
) -> None:
    whole = BlankPurse(UID)
    done = issue(whole, office)
    at = 0
    while True:
        at += 1
        card = BlankPurse(UID, faults=PurseFaults(at * (not is_after), at * is_after))
        try:
            issue(card, office)
        except CardGone:
            pass
        else:
            break
        assert_no_card_or_whole(InProcess(again(card)), till, done)
        back = again(card)
        assert issue(back, office) == done
        assert back.memory.keys == whole.memory.keys
        assert back.memory.root == whole.memory.root
        assert number_on(InProcess(again(back)), office) == LI.number
    assert at > 30  # 31 commands or more make a card


def assert_no_card_or_whole(link: Connection, till: Keyring, done: TappedCard) -> None:
    """Half a card is refused by a till; one whose last write came through is the card."""
    try:
        seen = read_card(link, till)
    except (WrongCard, CardRefused):
        return
    assert seen == done


def test_a_card_pulled_again_while_it_is_finished_is_finished_still(office: Keyring) -> None:
    card = BlankPurse(UID, faults=PurseFaults(lose_after=20))
    with pytest.raises(CardGone):
        issue(card, office)
    for at in range(1, 60, 7):
        card = again(card, PurseFaults(lose_before=at))
        try:
            made = issue(card, office)
        except CardGone:
            continue
        assert made.number == LI.number
        return
    pytest.fail("never finished")
