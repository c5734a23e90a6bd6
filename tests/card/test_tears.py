"""A card pulled or torn at every step of every conversation.

Each conversation is first played whole to count its commands and writes; then it is played again
once for each of them. Afterwards the card either works as before, works as wanted, or can be
finished at the desk; it is never taken for something it is not.
"""

from collections.abc import Callable

import pytest

from card.errors import CardError, CardGone, CardRefused, DamagedCard, WrongCard
from card.keyring import Keyring
from card.read import read_card, write_token
from fixtures.card_in_process import InProcess
from fixtures.mifare_card import Faults, PretendMifare, Torn, blank_card
from tests.card.world import (
    FIRST_TOKEN,
    NEXT_TOKEN,
    UID,
    WANG,
    fresh,
    issue,
    issued_card,
)

READ_APDUS = 9
TOKEN_APDUS = 4
ISSUE_APDUS = 45
ISSUE_WRITES = 9
TRAILER_WRITES = (3, 6, 9)
TORN = {"old": Torn.old, "new": Torn.new, "garbage": Torn.garbage}
Tear = Callable[[bytes, bytes], bytes]


@pytest.fixture(scope="module")
def issued(office: Keyring) -> PretendMifare:
    return issued_card(office)


def roll(card: PretendMifare, till: Keyring, issued: PretendMifare) -> None:
    tapped = read_card(InProcess(fresh(issued)), till)
    write_token(InProcess(card), till, tapped, seq=2, token=NEXT_TOKEN)


def assert_old_or_new_token(card: PretendMifare, till: Keyring) -> int:
    tapped = read_card(InProcess(card), till)
    assert tapped.number == WANG.number
    assert (tapped.token_seq, tapped.token) in {(1, FIRST_TOKEN), (2, NEXT_TOKEN)}
    return tapped.token_seq


def test_the_counts_this_page_relies_on(
    office: Keyring, till: Keyring, issued: PretendMifare
) -> None:
    read, rolled, made = fresh(issued), fresh(issued), blank_card(UID)
    read_card(InProcess(read), till)
    roll(rolled, till, issued)
    issue(made, office)
    assert len(read.apdus) == READ_APDUS
    assert len(rolled.apdus) == TOKEN_APDUS
    assert (len(made.apdus), made.writes) == (ISSUE_APDUS, ISSUE_WRITES)


@pytest.mark.parametrize("at", range(1, READ_APDUS + 1))
def test_a_card_pulled_while_read_is_gone_and_reads_later(
    till: Keyring, issued: PretendMifare, at: int
) -> None:
    card = fresh(issued, Faults(pull_at=at))
    with pytest.raises(CardGone):
        read_card(InProcess(card), till)
    assert read_card(InProcess(card), till).token == FIRST_TOKEN


@pytest.mark.parametrize("at", range(2, READ_APDUS + 1))
def test_a_card_let_go_while_read_is_read_all_the_same(
    till: Keyring, issued: PretendMifare, at: int
) -> None:
    card = fresh(issued, Faults(hiccup_at=at))
    assert read_card(InProcess(card), till).token == FIRST_TOKEN


@pytest.mark.parametrize("at", range(1, TOKEN_APDUS + 1))
def test_a_card_pulled_while_given_a_token_keeps_one(
    till: Keyring, issued: PretendMifare, at: int
) -> None:
    card = fresh(issued, Faults(pull_at=at))
    with pytest.raises(CardGone):
        roll(card, till, issued)
    assert assert_old_or_new_token(card, till) == (2 if at == TOKEN_APDUS else 1)


@pytest.mark.parametrize("at", range(1, TOKEN_APDUS + 1))
def test_a_card_let_go_while_given_a_token_has_it_or_says_no(
    till: Keyring, issued: PretendMifare, at: int
) -> None:
    card = fresh(issued, Faults(hiccup_at=at))
    try:
        roll(card, till, issued)
    except CardRefused:
        assert assert_old_or_new_token(card, till) == 1
    else:
        assert assert_old_or_new_token(card, till) == 2


@pytest.mark.parametrize("stays", [False, True])
@pytest.mark.parametrize("torn", TORN.values(), ids=TORN.keys())
def test_a_torn_token_write_leaves_a_token(
    till: Keyring, issued: PretendMifare, torn: Tear, *, stays: bool
) -> None:
    card = fresh(issued, Faults(tear_write_at=1, torn=torn, stay_after_tear=stays))
    failed = False
    try:
        roll(card, till, issued)
    except CardError:
        failed = True
    assert assert_old_or_new_token(card, till) == (2 if torn is Torn.new else 1)
    assert failed is not (stays and torn is Torn.new)


@pytest.mark.parametrize("at", range(1, ISSUE_APDUS + 1))
def test_a_card_pulled_while_issued_is_finished_later(
    office: Keyring, till: Keyring, at: int
) -> None:
    card = blank_card(UID)
    card.faults = Faults(pull_at=at)
    with pytest.raises(CardGone):
        issue(card, office)
    try:
        assert read_card(InProcess(card), till).token == FIRST_TOKEN
    except WrongCard:
        assert card.writes < ISSUE_WRITES
    issue(card, office)
    assert read_card(InProcess(card), till).token == FIRST_TOKEN


@pytest.mark.parametrize("stays", [False, True])
@pytest.mark.parametrize("torn", TORN.values(), ids=TORN.keys())
@pytest.mark.parametrize("at", range(1, ISSUE_WRITES + 1))
def test_a_write_torn_while_issuing_is_repaired_or_told_as_damage(
    office: Keyring, till: Keyring, at: int, torn: Tear, *, stays: bool
) -> None:
    card = blank_card(UID)
    card.faults = Faults(tear_write_at=at, torn=torn, stay_after_tear=stays)
    try:
        issue(card, office)
    except CardError:
        pass
    else:
        # The answer was lost but the block reads as wanted: nothing is left to do.
        assert stays
        assert read_card(InProcess(card), till).token == FIRST_TOKEN
    if torn is Torn.garbage and at in TRAILER_WRITES:
        # The chip itself gives such a sector up: nobody can write it again.
        with pytest.raises((WrongCard, DamagedCard)):
            issue(card, office)
        return
    issue(card, office)
    assert read_card(InProcess(card), till).token == FIRST_TOKEN


@pytest.mark.parametrize("at", TRAILER_WRITES)
def test_a_card_with_a_lost_sector_is_never_taken_for_a_good_one(
    office: Keyring, till: Keyring, at: int
) -> None:
    card = blank_card(UID)
    card.faults = Faults(tear_write_at=at)
    with pytest.raises(CardGone):
        issue(card, office)
    with pytest.raises(WrongCard):
        read_card(InProcess(card), till)
