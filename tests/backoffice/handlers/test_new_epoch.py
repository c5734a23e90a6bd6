"""What a scale enters again in a new epoch, because it never heard that the office has it."""

import pytest

from backoffice.reports.audit import audit
from backoffice.reports.check import Checked, check
from broker.messages import Declined, Kind, TenderSum, ZReport
from broker.sale import Sale
from broker.seal import FIRST_LINK, link_of
from tests.backoffice.world import DAY, Scale, World, card_sale, cash_sale, new_op


@pytest.fixture
def scale(world: World) -> Scale:
    scale = Scale(world)
    scale.sign_on()
    scale.send("h", scale.heartbeat())
    return scale


def new_epoch(scale: Scale) -> None:
    scale.epoch, scale.seq, scale.prev = scale.epoch + 1, 0, FIRST_LINK


def result(world: World) -> Checked:
    return check(world.desk.store, 0, 99_999_999)


def agrees(world: World) -> None:
    assert result(world).differences == ()
    assert audit(world.desk.store, [], bytes(32)).findings == ()
    assert set(world.alerts()) <= {"journal-fork"}


def paid_again(scale: Scale, op: bytes, sale: Sale | None = None) -> None:
    """The same PAID under the number that it has in a new epoch."""
    new_epoch(scale)
    scale.receipt -= 1
    scale.upload(scale.paid(op, sale))


def test_a_cash_sale_entered_again_is_one_sale_and_no_alarm(world: World, scale: Scale) -> None:
    op = new_op()
    scale.upload(scale.paid(op, cash_sale()))
    paid_again(scale, op, cash_sale())
    assert world.count("sale") == 1
    agrees(world)


def test_a_card_sale_entered_again_whole_is_one_sale_and_no_alarm(
    world: World, scale: Scale
) -> None:
    card, op = world.card(10_000), new_op()
    scale.ask(scale.intent(card, 840, op))
    scale.upload(scale.paid(op))
    new_epoch(scale)
    scale.receipt -= 1
    scale.upload(scale.intent(card, 840, op), scale.paid(op))
    assert (world.count("sale"), world.balance(f"card/{card.card}/principal")) == (1, 9_160)
    agrees(world)


def test_a_payment_whose_intent_stands_in_the_epoch_before_is_settled(
    world: World, scale: Scale
) -> None:
    card, op = world.card(10_000), new_op()
    scale.ask(scale.intent(card, 840, op))
    new_epoch(scale)
    scale.upload(scale.paid(op))
    assert world.count("sale") == 1
    agrees(world)


def test_a_payment_that_comes_before_its_intent_of_the_epoch_before_waits_for_it(
    world: World, scale: Scale
) -> None:
    """An office that was put back to before the new epoch gets the entries in any order."""
    card, op, other = world.card(10_000), new_op(), new_op()
    intent = scale.intent(card, 840, op)
    declined = scale.entry(Kind.DECLINED, other, Declined(10))
    scale.upload(declined)
    new_epoch(scale)
    scale.upload(scale.paid(new_op(), cash_sale(500)), scale.paid(op))
    assert world.count("sale") == 1
    scale.epoch = 1
    scale.upload(intent)
    assert (world.count("sale"), world.balance(f"card/{card.card}/principal")) == (2, 9_160)
    assert result(world).differences == ()
    assert set(world.alerts()) == {"journal-fork", "stand-in"}


def test_another_sale_under_the_same_name_is_an_alarm_in_any_epoch(
    world: World, scale: Scale
) -> None:
    op = new_op()
    scale.upload(scale.paid(op, cash_sale(840)))
    paid_again(scale, op, cash_sale(900))
    assert world.count("sale") == 1
    assert world.alerts() == ["journal-fork", "operation-conflict"]
    [apart] = result(world).differences
    assert (apart.check, apart.where) == ("paid-without-sale", "S03-12 epoch 2 entry 1")


def test_two_intents_of_one_name_and_other_content_are_an_alarm_in_any_epoch(
    world: World, scale: Scale
) -> None:
    card, op = world.card(10_000), new_op()
    scale.ask(scale.intent(card, 840, op))
    new_epoch(scale)
    scale.upload(scale.entry(Kind.INTENT, op, card_sale(card, 900)))
    assert world.alerts() == ["journal-fork", "operation-conflict"]


def test_a_z_entered_again_is_one_z(world: World, scale: Scale) -> None:
    op = new_op()
    scale.upload(scale.paid(new_op(), cash_sale()))
    report = ZReport(1, DAY, 7, 0, 1, 1, 840, 0, [TenderSum(1, 1, 840)], 1, 1, 0)
    scale.upload(scale.entry(Kind.Z, op, report))
    new_epoch(scale)
    scale.upload(scale.entry(Kind.Z, op, report))
    assert world.count("z_report") == 1
    agrees(world)


def two_lives(scale: Scale) -> tuple[bytes, bytes, bytes]:
    """One entry sent; then number 2 of a disk that is lost, and numbers 2 and 3 of its old copy."""
    scale.upload(scale.paid(new_op(), cash_sale()))
    seq, prev, receipt = scale.seq, scale.prev, scale.receipt
    lost = scale.paid(new_op(), cash_sale(500))
    scale.seq, scale.prev, scale.receipt = seq, prev, receipt
    return lost, scale.paid(new_op(), cash_sale(600)), scale.paid(new_op(), cash_sale(700))


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (2, 0, 1)])
def test_nothing_is_receipted_that_does_not_follow_what_is_here(
    world: World, scale: Scale, order: tuple[int, int, int]
) -> None:
    """Else the entry between them, whose number was taken, would never be sent again."""
    bodies = two_lives(scale)
    for number in order:
        told = scale.upload(bodies[number])
    assert (told.upto, told.head) == (2, link_of(bodies[0]))
    assert world.count("sale") == 3
    assert "entry-conflict" in world.alerts()
