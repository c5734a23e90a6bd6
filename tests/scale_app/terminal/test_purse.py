"""Paying from a purse on a chip: never two debits, never a lost debit, whatever is torn when."""

import random
from collections import Counter
from pathlib import Path

import pytest

from backoffice.purse import unpack_proof
from broker.codec import decode
from broker.messages import Entry, Kind, Paid
from broker.sale import Sale
from fixtures.purse_card import PretendPurse, PurseFaults
from scale_app.view import Stage
from tests.scale_app.terminal.purse_stall import OPENING, PurseStall
from tests.scale_app.terminal.stall import sales

APDUS_OF_A_SALE = 6
"""Three to read the card, SELECT, INIT and DEBIT; the tears go one beyond."""


@pytest.fixture
def stall(tmp_path: Path) -> PurseStall:
    return PurseStall(tmp_path)


def held(card: PretendPurse) -> int:
    return card.memory.purses[2].balance


def test_a_purse_pays_and_its_proof_reaches_the_office(stall: PurseStall) -> None:
    card = stall.purse()
    stall.keys("8")
    used = stall.put(card)
    assert (stall.view.stage, stall.said) == (Stage.PAID, "paid-card")
    assert len(used.apdus) == APDUS_OF_A_SALE
    assert held(card) == OPENING - 500
    assert stall.view.message is not None
    assert stall.view.message.params == {"total": "5.00", "balance": "45.00"}
    stall.lift()
    stall.settle()
    assert sales(stall) == 1
    entries = [decode(body) for _, body in stall.journal.unsent(0, 100)]
    paid = next(e.content for e in entries if isinstance(e, Entry) and e.kind == Kind.PAID)
    assert isinstance(paid, Paid)
    assert paid.sale is not None
    told = unpack_proof(paid.sale.tenders[0].proof, 500)
    assert told is not None
    assert (told.balance_after, told.terminal) == (OPENING - 500, b"S03-12")
    assert told.tac == card.memory.proof[3]  # type: ignore[index]


def test_offline_a_purse_pays_as_well(stall: PurseStall) -> None:
    card = stall.purse()
    stall.cut()
    stall.keys("8")
    stall.put(card)
    assert (stall.view.stage, held(card)) == (Stage.PAID, OPENING - 500)


def test_a_blocked_card_is_refused_while_the_office_can_say_so(stall: PurseStall) -> None:
    card = stall.purse()
    stall.office.command("card.block", number=stall.taps[-1])
    stall.keys("8")
    stall.put(card)
    assert (stall.view.stage, stall.said, held(card)) == (Stage.REFUSED, "card-blocked", OPENING)


def test_a_silent_office_delays_a_purse_by_two_seconds_only(stall: PurseStall) -> None:
    card = stall.purse()
    stall.keys("8")
    stall.wire.up = lambda _topic, _frame: None
    stall.put(card)
    assert stall.view.stage is Stage.ASKING
    stall.wait(2.1)
    stall.settled()
    assert (stall.view.stage, held(card)) == (Stage.PAID, OPENING - 500)


def test_too_little_on_the_chip_is_said_with_both_sums(stall: PurseStall) -> None:
    card = stall.purse(balance=300)
    stall.keys("8")
    stall.put(card)
    assert (stall.view.stage, stall.said, held(card)) == (Stage.REFUSED, "insufficient", 300)
    assert stall.view.message is not None
    assert stall.view.message.params == {"balance": "3.00", "total": "5.00"}
    stall.keys("=")
    assert stall.view.stage is Stage.PAID


TEARS = [(way, at) for way in ("before", "after") for at in range(1, APDUS_OF_A_SALE + 1)]


def torn(stall: PurseStall, card: PretendPurse, tear: tuple[str, int]) -> None:
    way, at = tear
    faults = PurseFaults(lose_before=at) if way == "before" else PurseFaults(lose_after=at)
    stall.keys("8")
    stall.put(card, faults)
    stall.lift()


@pytest.mark.parametrize("tear", TEARS)
def test_torn_anywhere_and_put_back_the_card_pays_once(
    stall: PurseStall, tear: tuple[str, int]
) -> None:
    card = stall.purse()
    torn(stall, card, tear)
    for _ in range(3):
        if stall.view.stage is Stage.PAID:
            break
        stall.put(card)
        stall.lift()
    assert (stall.view.stage, held(card), stall.doubts) == (Stage.PAID, OPENING - 500, 0)
    stall.settle()
    assert sales(stall) == 1


@pytest.mark.parametrize("tear", TEARS)
def test_torn_anywhere_and_restarted_the_money_is_found(
    stall: PurseStall, tear: tuple[str, int]
) -> None:
    card = stall.purse()
    torn(stall, card, tear)
    stall.kill()
    stall.start()
    stall.put(card)
    stall.lift()
    stall.settle()
    taken = OPENING - held(card)
    assert stall.doubts == 0
    assert taken == 500 * sales(stall)


@pytest.mark.parametrize("tear", TEARS)
def test_torn_anywhere_and_paid_in_cash_nothing_is_lost(
    stall: PurseStall, tear: tuple[str, int]
) -> None:
    card = stall.purse()
    torn(stall, card, tear)
    stall.keys("=")
    assert stall.view.stage is Stage.PAID
    taken = OPENING - held(card)
    stall.put(card)
    stall.lift()
    stall.settle()
    assert (held(card), sales(stall), stall.doubts) == (OPENING - taken, 1, 0)
    assert stall.kinds().count(Kind.PAID) == 1
    if taken:
        assert stall.kinds().count(Kind.UNSURE) == 2


@pytest.mark.parametrize("tear", [("before", 6), ("after", 6)])
def test_others_are_served_while_one_card_is_in_doubt(
    stall: PurseStall, tear: tuple[str, int]
) -> None:
    first, second = stall.purse(), stall.purse()
    torn(stall, first, tear)
    assert stall.said == "put-same-card-back"
    stall.put(second)
    assert (stall.said, held(second)) == ("other-card", OPENING)
    stall.lift()
    stall.keys("<")
    assert (stall.said, stall.view.lines, stall.doubts) == ("doubt-parked", (), 1)
    stall.keys("9")
    stall.put(second)
    assert (stall.view.stage, held(second)) == (Stage.PAID, OPENING - 90)
    stall.lift()
    stall.put(first)
    stall.lift()
    assert stall.doubts == 0
    if tear[0] == "before":
        assert (stall.said, stall.view.total) == ("doubt-not-taken", "5.00")
        stall.put(first)
    assert held(first) == OPENING - 500
    stall.settle()
    assert sales(stall) == 2


def test_goods_that_come_back_are_still_priced_for_their_member(stall: PurseStall) -> None:
    card = stall.purse()
    stall.keys("9")
    stall.put(card, PurseFaults(lose_before=APDUS_OF_A_SALE))
    stall.lift()
    stall.keys("<")
    stall.put(card)
    stall.lift()
    assert (stall.said, stall.view.total) == ("doubt-not-taken", "0.90")
    stall.keys("=")
    assert stall.view.stage is Stage.PAID
    entries = [decode(body) for _, body in stall.journal.unsent(0, 100)]
    sold = next(e.content for e in entries if isinstance(e, Entry) and e.kind == Kind.PAID)
    assert isinstance(sold, Paid)
    assert sold.sale is not None
    assert (sold.sale.member, sold.sale.level) == (stall.taps[-1], 1)


def test_a_ninth_card_in_doubt_is_not_begun(stall: PurseStall) -> None:
    cards = [stall.purse() for _ in range(9)]
    for card in cards[:8]:
        torn(stall, card, ("after", 6))
        stall.keys("<")
    assert stall.doubts == 8
    stall.keys("8")
    stall.put(cards[8])
    assert (stall.said, held(cards[8])) == ("too-many-doubts", OPENING)


@pytest.mark.parametrize("seed", range(40))
def test_any_walk_of_tears_restarts_and_keys_books_what_the_cards_have_lost(
    stall: PurseStall, seed: int
) -> None:
    dice = random.Random(seed)
    cards = [stall.purse(), stall.purse()]
    for _ in range(25):
        card = dice.choice(cards)
        torn = PurseFaults(
            lose_before=dice.choice((0, 0, 0, 2, 5, 6)), lose_after=dice.choice((0, 0, 4, 6))
        )
        for act in dice.sample(("goods", "card", "other", "cash", "back", "restart"), 3):
            if act == "goods" and stall.view.stage is not Stage.ASKING:
                stall.keys(dice.choice("89"))
            elif act in ("card", "other"):
                stall.put(card, torn if act == "card" else None)
                stall.lift()
            elif act in ("cash", "back"):
                stall.keys("=" if act == "cash" else "<")
            elif act == "restart" and dice.random() < 0.3:
                stall.kill()
                stall.start()
    for _ in range(2):
        for card in cards:
            stall.put(card)
            stall.lift()
    stall.keys("<")
    stall.settle()
    assert stall.doubts == 0
    lost = sum(OPENING - held(card) for card in cards)
    assert lost == by_card(stall) + owed(stall)


def entries(stall: PurseStall) -> list[Entry]:
    found = [decode(body) for _, body in stall.journal.unsent(0, 10_000)]
    return [entry for entry in found if isinstance(entry, Entry)]


def by_card(stall: PurseStall) -> int:
    """What the journal says that purses have paid."""
    paid = [e.content for e in entries(stall) if isinstance(e.content, Paid)]
    tenders = [t for one in paid if one.sale for t in one.sale.tenders]
    return sum(t.amount for t in tenders if t.proof)


def owed(stall: PurseStall) -> int:
    """What purses have lost although cash was paid: two UNSURE of one attempt."""
    sums = {
        (e.op, e.attempt): e.content.total for e in entries(stall) if isinstance(e.content, Sale)
    }
    unsure = Counter((e.op, e.attempt) for e in entries(stall) if e.kind == Kind.UNSURE)
    return sum(sums[name] for name, times in unsure.items() if times == 2)
