"""The optional counter of an M1 card: it only goes down, and an old state written back is seen."""

from dataclasses import replace

import pytest

from card import access_bits
from card.errors import CardError, WrongCard, WrongReason
from card.keyring import Keyring
from card.layout import COUNTED, COUNTER_START, Slot, SlotState, is_rolled_back
from card.personalise import personalise
from card.read import TappedCard, read_card, write_token
from card.readers import Dialect
from card.value_block import Value, decode, encode
from fixtures.card_in_process import InProcess
from fixtures.mifare_card import Faults
from fixtures.value_reader import ValueMifare
from tests.card.world import FIRST_TOKEN, NEXT_TOKEN, UID, WANG, fresh

COUNTING = replace(WANG, has_counter=True)


def issue(card: ValueMifare, office: Keyring) -> TappedCard:
    return personalise(InProcess(card), office, COUNTING, seq=1, token=FIRST_TOKEN)


def issued(office: Keyring, speaks: str = "acs") -> ValueMifare:
    card = ValueMifare(UID, speaks=speaks)
    issue(card, office)
    return card


def tap(card: ValueMifare, till: Keyring) -> TappedCard:
    return read_card(InProcess(card), till)


def pay(card: ValueMifare, till: Keyring, seq: int) -> TappedCard:
    link = InProcess(card)
    return write_token(link, till, read_card(link, till), seq=seq, token=NEXT_TOKEN)


def counted(card: ValueMifare) -> int:
    return COUNTER_START - decode(card.blocks[10]).number


def test_a_card_is_issued_with_a_counter_that_nothing_turns_up(
    office: Keyring, till: Keyring
) -> None:
    card = issued(office)
    assert card.blocks[10] == encode(Value(COUNTER_START - 1, 10))
    assert access_bits.decode(card.blocks[11][6:9]) == COUNTED.conditions
    assert tap(card, till).spent == 1
    link = InProcess(card)
    read_card(link, till)
    before = list(card.blocks)
    up = bytes.fromhex("FFD7000A050100000001")
    for apdu in (
        bytes.fromhex("FFD6000A10") + bytes(16),
        bytes.fromhex("FFD6000B10") + bytes(16),
        up,
    ):
        assert link.transmit(apdu)[1] != 0x9000
    assert card.blocks == before


@pytest.mark.parametrize("dialect", Dialect)
def test_each_token_is_counted_off_in_the_readers_own_way(
    office: Keyring, till: Keyring, dialect: Dialect
) -> None:
    card = issued(office, dialect)
    assert pay(card, till, 2).spent == counted(card) == 2
    assert pay(card, till, 5).spent == counted(card) == 5
    assert (tap(card, till).token_seq, tap(card, till).spent) == (5, 5)


def test_a_reader_without_value_commands_still_pays_and_the_next_one_counts(
    office: Keyring, till: Keyring
) -> None:
    card = issued(office, "")
    assert (pay(card, till, 2).token_seq, counted(card)) == (2, 1)
    card._speaks = "acs"
    assert (pay(card, till, 3).token_seq, counted(card)) == (3, 3)


def test_an_old_state_written_back_is_refused(office: Keyring, till: Keyring) -> None:
    card = issued(office)
    old = card.blocks[8:10]
    pay(card, till, 2)
    pay(card, till, 3)
    card.blocks[8:10] = old
    with pytest.raises(WrongCard) as wrong:
        tap(card, till)
    assert wrong.value.reason is WrongReason.ROLLED_BACK


def test_a_damaged_newest_slot_is_no_roll_back(office: Keyring, till: Keyring) -> None:
    card = issued(office)
    pay(card, till, 2)
    card.blocks[9] = bytes(range(16))
    assert (tap(card, till).token_seq, tap(card, till).spent) == (1, 2)


def test_a_damaged_counter_makes_the_token_count_as_lost(office: Keyring, till: Keyring) -> None:
    card = issued(office)
    card.blocks[10] = bytes(range(16))
    assert tap(card, till).token_is_lost


def test_pulled_at_any_command_the_card_stands_and_pays_again(
    office: Keyring, till: Keyring
) -> None:
    whole = issued(office)
    link = InProcess(fresh(whole))
    tapped = read_card(link, till)
    write_token(link, till, tapped, seq=2, token=NEXT_TOKEN)
    apdus = len(link.card.apdus)  # type: ignore[attr-defined]
    assert apdus == 10 + 4 + 3
    for at in range(1, apdus + 1):
        card = fresh(whole, Faults(pull_at=at))
        with pytest.raises(CardError):
            pay(card, till, 2)  # type: ignore[arg-type]
        card.faults = Faults()
        back = tap(card, till)  # type: ignore[arg-type]
        assert back.token_seq in (1, 2)
        assert back.spent in (1, 2)
        after = pay(card, till, 3)  # type: ignore[arg-type]
        assert (after.token_seq, after.spent) == (3, 3)


def test_pulled_while_it_is_issued_it_is_finished_with_its_counter(office: Keyring) -> None:
    apdus = len(issued(office).apdus)
    for at in range(1, apdus - 12):
        card = ValueMifare(UID, speaks="acs")
        card.faults = Faults(pull_at=at)
        with pytest.raises(CardError):
            issue(card, office)
        card.faults = Faults()
        assert issue(card, office).spent == 1


def test_begun_without_a_counter_it_can_be_finished_with_one(office: Keyring) -> None:
    card = ValueMifare(UID, speaks="acs")
    card.faults = Faults(pull_at=30)
    with pytest.raises(CardError):
        personalise(InProcess(card), office, WANG, seq=1, token=FIRST_TOKEN)
    card.faults = Faults()
    assert issue(card, office).spent == 1


def test_the_rule_by_itself() -> None:
    valid, empty = Slot(SlotState.VALID, 7, b""), Slot(SlotState.EMPTY, 0, b"")
    damaged = Slot(SlotState.DAMAGED, 0, b"")
    assert not is_rolled_back((valid, empty), 7)
    assert not is_rolled_back((valid, empty), 6)
    assert is_rolled_back((valid, empty), 8)
    assert not is_rolled_back((valid, damaged), 8)
    assert is_rolled_back((valid, damaged), 9)
    assert not is_rolled_back((damaged, empty), 9)
