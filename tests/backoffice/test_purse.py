"""Proofs of a purse: their bytes, how they follow, what the books do with them."""

from dataclasses import replace

import pytest

from backoffice.purse import (
    Break,
    PurseRecord,
    Verdict,
    breaks_of,
    pack_proof,
    unpack_proof,
)
from backoffice.reports.check import check
from broker.messages import Kind
from broker.sale import Sale, Tender, TenderKind
from tests.backoffice.world import NOW, Scale, World, card_sale, new_op

TERMINAL = bytes.fromhex("000000000012")
PAID = PurseRecord(6, 7, 840, 9_160, TERMINAL, 33, 20261124132000, bytes.fromhex("a1b2c3d4"))
BY_HAND = bytes.fromhex("01 06 0007 000023c8 000000000012 00000021 20261124132000 a1b2c3d4")


def paid(counter: int, amount: int, after: int) -> PurseRecord:
    moment = 20261124120000 + counter
    return replace(
        PAID, counter=counter, amount=amount, balance_after=after, moment=moment,
        tac=counter.to_bytes(4),
    )  # fmt: skip


def load(amount: int, after: int, moment: int) -> PurseRecord:
    return replace(PAID, kind=2, counter=1, amount=amount, balance_after=after, moment=moment)


def online(counter: int, amount: int, kind: int = 2) -> PurseRecord:
    """A load or unload; these count by themselves."""
    return replace(PAID, kind=kind, counter=counter, amount=amount, balance_after=1_000)


def test_a_proof_is_these_29_bytes() -> None:
    assert pack_proof(PAID) == BY_HAND
    assert len(BY_HAND) == 29
    assert unpack_proof(BY_HAND, 840) == PAID
    assert unpack_proof(BY_HAND + b"later", 840) == PAID


@pytest.mark.parametrize("proof", [b"", BY_HAND[:-1], b"\x02" + BY_HAND[1:], bytes(29),
                                   BY_HAND[:18] + b"\xff" * 7 + BY_HAND[25:]])  # fmt: skip
def test_what_is_no_proof_of_this_form_is_none(proof: bytes) -> None:
    assert unpack_proof(proof, 840) is None


@pytest.mark.parametrize(
    ("records", "found"),
    [
        ([paid(1, 100, 900), paid(2, 100, 800), paid(3, 50, 750)], []),
        ([paid(3, 50, 750), paid(1, 100, 900), paid(2, 100, 800)], []),
        ([paid(1, 100, 900), paid(4, 100, 600)], [(Break.GAP, 4)]),
        ([paid(1, 100, 900), paid(1, 100, 900)], [(Break.DUPLICATE, 1)]),
        ([paid(1, 100, 900), paid(1, 300, 700)], [(Break.FORK, 1)]),
        ([paid(1, 100, 900), paid(2, 100, 900)], [(Break.ROLLED_BACK, 2)]),
        ([paid(1, 100, 900), load(500, 1_400, 20261124120001), paid(2, 100, 1_300)], []),
        ([paid(1, 100, 900), load(500, 1_400, 20261124120009), paid(2, 100, 1_300)],
         [(Break.ROLLED_BACK, 2)]),
        ([paid(1, 100, 1_900)], [(Break.ROLLED_BACK, 1)]),
        ([], []),
        ([online(0, 500), online(1, 500), paid(1, 100, 900)], []),
        ([online(0, 500), online(3, 500)], [(Break.GAP, 3)]),
        ([online(1, 500), online(1, 500)], [(Break.DUPLICATE, 1)]),
        ([online(1, 500), online(1, 600)], [(Break.FORK, 1)]),
        ([online(1, 500), online(2, 500, kind=3), paid(2, 100, 900)], []),
        ([online(1, 500), online(1, 500, kind=3)], [(Break.FORK, 1)]),
    ],
)  # fmt: skip
def test_counters_go_up_by_one_and_balances_rise_by_loads_only(
    records: list[PurseRecord], found: list[tuple[Break, int]]
) -> None:
    assert [(one.kind, one.counter) for one in breaks_of(records, 1_000)] == found


def verdict_of(_serial: bytes, told: PurseRecord) -> Verdict:
    """A key token that knows every TAC but zeros."""
    return Verdict.GENUINE if any(told.tac) else Verdict.WRONG


@pytest.fixture
def chip(world: World) -> int:
    world.desk.judge_tac = verdict_of
    number = world.card(10_000).card
    assert number is not None
    return number


def proved_sale(number: int, told: PurseRecord) -> Sale:
    return card_sale(
        Tender(TenderKind.STORED_VALUE, 0, number), told.amount, proof=pack_proof(told)
    )


def hand_in(scale: Scale, number: int, told: PurseRecord) -> bytes:
    op = new_op()
    scale.upload(scale.paid(op, proved_sale(number, told)))
    return op


def agrees(world: World) -> bool:
    return check(world.desk.store, 0, 99_999_999).differences == ()


def test_a_proved_debit_takes_from_the_card_without_an_alarm(
    world: World, scale: Scale, chip: int
) -> None:
    hand_in(scale, chip, paid(1, 840, 9_160))
    assert world.balance(f"card/{chip}/principal") == 9_160
    assert world.balance("sales/S03") == 840
    assert world.alerts() == []
    assert [one.verdict for one in world.desk.store.cards.proofs(chip)] == ["genuine"]
    assert agrees(world)


def test_the_paid_brings_the_proof_that_the_intent_could_not_have(
    world: World, scale: Scale, chip: int
) -> None:
    op, told = new_op(), paid(1, 840, 9_160)
    before = card_sale(Tender(TenderKind.STORED_VALUE, 0, chip), 840)
    scale.upload(scale.entry(Kind.INTENT, op, before))
    scale.upload(scale.paid(op, proved_sale(chip, told)))
    assert len(world.desk.store.cards.proofs(chip)) == 1
    assert world.balance(f"card/{chip}/principal") == 9_160
    assert world.alerts() == []
    assert agrees(world)


def test_a_wrong_tac_takes_nothing_from_the_card_and_waits_in_suspense(
    world: World, scale: Scale, chip: int
) -> None:
    hand_in(scale, chip, replace(paid(1, 840, 9_160), tac=bytes(4)))
    assert world.balance(f"card/{chip}/principal") == 10_000
    assert world.balance("suspense") == -840
    assert world.alerts() == ["tac-wrong"]
    assert agrees(world)


def test_the_same_debit_handed_in_twice_is_taken_once(
    world: World, scale: Scale, chip: int
) -> None:
    for _ in range(2):
        hand_in(scale, chip, paid(1, 840, 9_160))
    assert world.balance(f"card/{chip}/principal") == 9_160
    assert world.alerts() == ["counter-duplicate"]
    assert agrees(world)


def test_two_chips_with_one_counter_are_both_paid_and_told(
    world: World, scale: Scale, chip: int
) -> None:
    hand_in(scale, chip, paid(1, 840, 9_160))
    hand_in(scale, chip, paid(1, 100, 9_900))
    assert world.balance(f"card/{chip}/principal") == 9_060
    assert world.alerts() == ["counter-fork"]


@pytest.mark.parametrize("end", ["block", "retire", "replace"])
def test_what_a_purse_paid_before_its_end_is_posted_after_it(
    world: World, scale: Scale, chip: int, end: str
) -> None:
    if end == "block":
        world.command("card.block", number=chip, blocked=True, lost=True)
    elif end == "retire":
        hand_in(scale, chip, paid(1, 10_000, 0))
        world.command("card.retire", number=chip)
    else:
        row = world.command("card.reserve", chip="ab" * 16, replaces=chip)
        world.command("card.activate", number=row["number"], exposure=840, hold_days=7)
    before = world.balance(f"card/{chip}/principal")
    counter = 2 if end == "retire" else 1
    hand_in(scale, chip, paid(counter, 840, 0 if end == "retire" else 9_160))
    assert world.balance(f"card/{chip}/principal") == before - 840
    assert len(world.desk.store.cards.proofs(chip)) == counter
    assert agrees(world)


def test_an_old_state_written_back_is_told_at_its_next_payment(
    world: World, scale: Scale, chip: int
) -> None:
    hand_in(scale, chip, paid(1, 4_000, 6_000))
    hand_in(scale, chip, paid(2, 100, 9_900))
    assert world.alerts() == ["rolled-back"]


def test_a_gap_is_told_and_closes_when_the_missing_upload_comes(
    world: World, scale: Scale, chip: int
) -> None:
    hand_in(scale, chip, paid(1, 100, 9_900))
    hand_in(scale, chip, paid(3, 100, 9_700))
    assert world.alerts() == ["counter-gap"]
    hand_in(scale, chip, paid(2, 100, 9_800))
    assert world.alerts() == ["counter-gap"]
    assert breaks_of(world.desk.store.cards.proofs(chip), 10_000) == []


def test_without_a_key_token_a_proof_is_booked_and_told_as_unchecked(
    world: World, scale: Scale, chip: int
) -> None:
    world.desk.judge_tac = None
    hand_in(scale, chip, paid(1, 840, 9_160))
    assert world.balance(f"card/{chip}/principal") == 9_160
    assert world.alerts() == ["tac-unchecked"]


def test_a_debit_proved_before_the_card_was_blocked_is_posted_after_it(
    world: World, scale: Scale, chip: int
) -> None:
    scale.at = NOW - 60_000
    world.command("card.block", number=chip)
    hand_in(scale, chip, paid(1, 840, 9_160))
    assert world.balance(f"card/{chip}/principal") == 9_160
    assert world.alerts() == []
