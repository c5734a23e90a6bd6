"""Bonus rules and standing orders: what is given on top, and what is collected when it is low."""

import pytest

from backoffice.bonus_rules import BonusRule, bonus_for
from backoffice.commands.table import keep_inside
from backoffice.errors import Refused, UsageFault
from backoffice.handlers.desk import Batch
from backoffice.handlers.standing import collect_due
from backoffice.store.topups import Collection
from tests.backoffice.commands.test_card import agrees, china, made, topup
from tests.backoffice.world import DAY, Scale, World, new_op

__all__ = ["china"]
RULES = [
    BonusRule(1, 20261101, 20261130, 10_000, 1_000, every=False),
    BonusRule(2, 20261101, 20261130, 50_000, 8_000, every=False),
    BonusRule(3, 20261201, 20261231, 10_000, 1_500, every=True),
]


@pytest.mark.parametrize(
    ("amount", "day", "given"),
    [(9_999, DAY, (0, 0)), (10_000, DAY, (1_000, 1)), (49_999, DAY, (1_000, 1)),
     (50_000, DAY, (8_000, 2)), (10_000, 20261031, (0, 0)), (35_000, 20261215, (4_500, 3)),
     (10_000, 20270101, (0, 0))],
)  # fmt: skip
def test_the_largest_sum_that_is_reached_counts(
    amount: int, day: int, given: tuple[int, int]
) -> None:
    assert bonus_for(RULES, amount, day) == given


def test_who_pays_100_gets_110(world: World) -> None:
    world.command("bonus.add", pays=10_000, gives=1_000)
    number = made(world)
    assert topup(world, number, 10_000) == {"number": number, "balance": 11_000, "bonus": 1_000}
    assert topup(world, number, 10_000, bonus=0)["balance"] == 21_000
    assert world.command("bonus.end", rule=1) == {"rule": 1, "last": DAY}
    world.now += 86_400_000
    assert topup(world, number, 10_000)["balance"] == 31_000
    assert world.balance("bonus-cost") == -1_000
    assert agrees(world)


def test_a_top_up_told_twice_gives_one_bonus(world: World) -> None:
    world.command("bonus.add", pays=10_000, gives=1_000)
    number, op = made(world), new_op().hex()
    for _ in range(2):
        world.command("card.topup", number=number, amount=10_000, op=op)
    assert world.balance(f"card/{number}/bonus") == 1_000


@pytest.mark.parametrize(
    "said",
    [{"pays": 0, "gives": 1}, {"pays": 100, "gives": 101}, {"pays": 100, "gives": 0},
     {"pays": 100, "gives": 1, "first": 20261202, "last": 20261201},
     {"pays": 100, "gives": 1, "last": 99999999}, {"pays": "x", "gives": 1}],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused(world: World, said: dict[str, object]) -> None:
    with pytest.raises(UsageFault):
        world.command("bonus.add", **said)
    assert world.desk.store.topups.rules() == []


def test_a_rule_is_ended_once_and_never_longer(world: World) -> None:
    world.command("bonus.add", pays=100, gives=1, last=DAY)
    with pytest.raises(Refused, match="ends before"):
        world.command("bonus.end", rule=1, last=DAY + 1)
    with pytest.raises(Refused, match="no bonus rule 2"):
        world.command("bonus.end", rule=2)


def ordered(world: World, opening: int) -> int:
    number = made(world, opening=opening)
    said = {"below": 2_000, "amount": 10_000, "mandate": "M-1"}
    world.command("card.order", number=number, **said)
    return number


def looked(world: World) -> int:
    world.desk.carry = keep_inside
    with world.desk.store.transaction():
        return collect_due(world.desk, Batch(), world.now)


def wanted(world: World) -> list[Collection]:
    return world.desk.store.topups.collections(settled=False)


def test_a_low_card_is_collected_for_once_and_topped_up_when_it_is_paid(world: World) -> None:
    world.command("bonus.add", pays=10_000, gives=500)
    number, rich = ordered(world, 1_999), ordered(world, 2_000)
    assert (looked(world), looked(world)) == (1, 0)
    [one] = wanted(world)
    assert (one.card, one.amount, one.mandate) == (number, 10_000, "M-1")
    assert world.balance(f"card/{number}/principal") == 1_999
    said = {"collection": one.id, "paid": True, "reference": "B-7", "by": "lin"}
    for _ in range(2):
        world.command("card.collected", **said)
    assert world.balance(f"card/{number}/principal") == 11_999
    assert world.balance(f"card/{number}/bonus") == 500
    assert world.balance(f"card/{rich}/principal") == 2_000
    assert (wanted(world), looked(world)) == ([], 0)
    with pytest.raises(Refused, match="the other way"):
        world.command("card.collected", collection=one.id, paid=False)
    assert agrees(world)


def test_an_order_waits_for_a_sale_that_makes_the_card_low(world: World) -> None:
    card = world.card(opening=2_500)
    said = {"below": 2_000, "amount": 10_000, "mandate": "M-1"}
    world.command("card.order", number=card.card, **said)
    assert looked(world) == 0
    Scale(world).pay(card, 840)
    assert looked(world) == 1


def test_a_failed_collection_ends_the_order_and_is_an_alert(world: World) -> None:
    number = ordered(world, 0)
    looked(world)
    world.command("card.collected", collection=1, paid=False, reference="no funds")
    assert world.alerts() == ["collection-failed"]
    assert (looked(world), world.desk.store.topups.orders()) == (0, [])
    assert world.balance(f"card/{number}/principal") == 0


def test_no_order_for_a_blocked_or_ended_card(world: World) -> None:
    blocked, retired = ordered(world, 0), ordered(world, 0)
    world.command("card.block", number=blocked)
    world.command("card.retire", number=retired)
    assert looked(world) == 0


@pytest.mark.parametrize(
    "said",
    [{"below": 0, "amount": 1, "mandate": "M"}, {"below": 1, "amount": 0, "mandate": "M"},
     {"below": 1, "amount": 1, "mandate": " "}, {"below": 1, "amount": 1, "mandate": "x" * 81}],
)  # fmt: skip
def test_an_order_says_all_three(world: World, said: dict[str, object]) -> None:
    with pytest.raises(UsageFault):
        world.command("card.order", number=made(world), **said)


def test_an_order_obeys_the_country(china: World) -> None:
    number = made(china)
    with pytest.raises(Refused, match=r"At most 1000\.00"):
        china.command("card.order", number=number, below=2_000, amount=99_000, mandate="M")
    china.command("card.order", number=number, below=2_000, amount=98_000, mandate="M")


def test_paid_needs_the_banks_reference(world: World) -> None:
    ordered(world, 0)
    looked(world)
    with pytest.raises(UsageFault, match="reference"):
        world.command("card.collected", collection=1, paid=True)
    with pytest.raises(Refused, match="no collection 9"):
        world.command("card.collected", collection=9, paid=True, reference="B")
