"""Every word of a card's life: how it comes to be, who did it, and what the card then pays."""

import pytest

from backoffice.accounts import Life
from backoffice.errors import Refused
from broker.messages import Code, Kind
from broker.sale import Tender, TenderKind
from tests.backoffice.commands.test_card import CHINA, agrees, china, made, topup, words
from tests.backoffice.world import DAY, Scale, World, card_sale, new_op

__all__ = ["china"]
assert CHINA


def shelved(world: World, **said: object) -> int:
    wishes = {"kind": 2, "level": 0, "opening": 5_000, "valid_to": 20991231, **said}
    number = world.command("card.reserve", chip=new_op().hex(), **wishes)["number"]
    assert isinstance(number, int)
    world.command("card.shelve", number=number, by="lin")
    return number


def life(world: World, number: int, day: int = DAY) -> Life:
    card = world.desk.store.cards.get(1, number)
    assert card is not None
    return world.desk.store.cards.life(card, day)


def tender_of(world: World, number: int, amount: int = 840) -> Tender:
    card = world.desk.store.cards.get(1, number)
    assert card is not None
    return Tender(TenderKind.STORED_VALUE, amount, number, card.token_seq, card.token)


def asked(world: World, number: int) -> Code:
    scale = Scale(world)
    scale.epoch = world.count("operation") + 1
    sale = card_sale(tender_of(world, number))
    return Code(scale.ask(scale.entry(Kind.INTENT, new_op(), sale)).code)


def test_a_card_is_stock_then_sold_then_active(world: World) -> None:
    number = shelved(world)
    assert life(world, number) is Life.STOCK
    assert asked(world, number) is Code.UNKNOWN_CARD
    done = world.command("card.sell", number=number, till="S03-12", by="mei", reason="gift")
    assert done == {"number": number, "balance": 5_000, "level": 0}
    assert life(world, number) is Life.SOLD
    assert world.balance("drawer/S03-12") == -5_000
    assert world.balance("bank") == 0
    assert asked(world, number) is Code.OK
    assert life(world, number) is Life.ACTIVE
    assert words(world, number) == [
        ("reserve", "", ""), ("shelf", "lin", ""), ("sell", "mei", "gift"),
    ]  # fmt: skip
    assert agrees(world)


def test_a_card_is_sold_once(world: World) -> None:
    number = shelved(world)
    world.command("card.sell", number=number)
    assert world.command("card.sell", number=number)["balance"] == 5_000
    assert world.balance("bank") == -5_000
    with pytest.raises(Refused, match="never set aside"):
        world.command("card.shelve", number=number)


def test_a_card_that_was_never_written_is_not_sold(world: World) -> None:
    said = {"kind": 2, "level": 0, "opening": 0, "valid_to": 20991231}
    number = world.command("card.reserve", chip=new_op().hex(), **said)["number"]
    with pytest.raises(Refused, match="not on the shelf"):
        world.command("card.sell", number=number)


def test_a_card_on_the_shelf_is_sold_to_a_member(world: World) -> None:
    member = world.command("member.add", name="Wang", level=1)["member"]
    number = shelved(world, kind=3)
    assert world.command("card.sell", number=number, member=member)["level"] == 1
    with pytest.raises(Refused, match="no terminal"):
        world.command("card.sell", number=shelved(world), till="S99-99")


def test_a_purse_on_a_chip_and_a_replacement_never_lie_on_a_shelf(world: World) -> None:
    said = {"kind": 2, "level": 0, "opening": 0, "valid_to": 20991231}
    number = world.command("card.reserve", chip=new_op().hex(), **said)["number"]
    with pytest.raises(Refused, match="not put on a shelf"):
        world.command("card.shelve", number=number, serial="00" * 10)
    fresh = world.command("card.reserve", chip=new_op().hex(), replaces=made(world))["number"]
    with pytest.raises(Refused, match="not put on a shelf"):
        world.command("card.shelve", number=fresh)


def test_a_lost_card_pays_nothing_until_it_is_found(world: World) -> None:
    number = made(world, opening=5_000)
    world.command("card.block", number=number, lost=True, by="mei", reason="bus")
    assert (life(world, number), asked(world, number)) == (Life.LOST, Code.BLOCKED)
    world.command("card.block", number=number, blocked=False, by="mei")
    assert (life(world, number), asked(world, number)) == (Life.SOLD, Code.OK)
    assert words(world, number)[-2:] == [("lost", "mei", "bus"), ("found", "mei", "")]


def test_a_lost_card_stays_lost_when_it_is_blocked_again(world: World) -> None:
    number = made(world)
    world.command("card.block", number=number, lost=True)
    world.command("card.block", number=number, reason="a second call")
    assert life(world, number) is Life.LOST
    world.command("card.block", number=number, blocked=False)
    world.command("card.block", number=number, reason="a fraud")
    assert life(world, number) is Life.BLOCKED


def test_the_other_ends_of_a_card(china: World) -> None:
    expired = made(china, opening=100, valid_to=DAY + 40_000)
    assert life(china, expired, DAY + 50_000) is Life.EXPIRED
    replaced = made(china, opening=100)
    made(china, replaces=replaced)
    refunded = made(china)
    topup(china, refunded, 500)
    said = {"to": "bank", "reference": "T1", "holder": "Wang"}
    china.command("card.refund", number=refunded, op=new_op().hex(), **said)
    retired = made(china)
    china.command("card.retire", number=retired)
    found = [life(china, one) for one in (replaced, refunded, retired)]
    assert found == [Life.REPLACED, Life.REFUNDED, Life.RETIRED]
    assert {asked(china, one) for one in (replaced, refunded, retired)} == {Code.BLOCKED}


def test_a_members_card_without_money_is_active_at_once(world: World) -> None:
    assert life(world, made(world, kind=1)) is Life.ACTIVE
