"""Each pattern that a person should look at raises its alert, once, and not without its cause."""

from pathlib import Path

import pytest

from backoffice import alerts
from backoffice.handlers.watching import look_around
from broker.codec import encode
from broker.messages import VERSION, Authorised, Code, Heartbeat, Kind, Paid, TenderSum, ZReport
from broker.sale import Line, Sale, Tender
from tests.backoffice.world import DAY, MARKET, Scale, World, card_sale, cash_sale, new_op

OFFLINE = """
[store.offline]
per_payment = "20.00"
per_card = "50.00"
per_till = "200.00"
"""


def beat(scale: Scale, *, at: int, list_version: int = 1, unsent: int = 0, state: int = 1) -> None:
    """Sends a heartbeat."""
    one = Heartbeat(
        VERSION, Kind.HEARTBEAT, scale.terminal, at, state, 1, scale.seq, unsent, list_version
    )
    scale.send("h", encode(one, scale.form))


def paid_with(scale: Scale, card: Tender) -> Tender:
    """Pays 1.00; the card with its next token."""
    answer = scale.ask(scale.intent(card, 100))
    assert isinstance(answer.content, Authorised)
    assert answer.code == Code.OK
    return Tender(card.kind, 0, card.card, answer.content.token_seq, answer.content.token)


def look(world: World) -> None:
    with world.desk.store.transaction():
        look_around(world.desk, world.now)


def test_a_card_that_pays_very_often_is_told_of_once(world: World, scale: Scale) -> None:
    card = world.card(100_000)
    for number in range(alerts.VELOCITY_TIMES + 3):
        card = paid_with(scale, card)
        world.now += 20_000
        expected = number + 1 >= alerts.VELOCITY_TIMES
        assert world.alerts() == (["velocity"] if expected else [])


def test_a_card_that_pays_now_and_then_is_left_alone(world: World, scale: Scale) -> None:
    card = world.card(100_000)
    for _ in range(alerts.VELOCITY_TIMES + 3):
        card = paid_with(scale, card)
        world.now += alerts.VELOCITY_WITHIN_MS // (alerts.VELOCITY_TIMES - 1) + 1
    assert world.alerts() == []


@pytest.mark.parametrize("wrong_by", [-121_000, 121_000])
def test_a_clock_that_is_off_is_told_of_once_an_hour(
    world: World, scale: Scale, wrong_by: int
) -> None:
    scale.sign_on()
    assert world.alerts() == []
    for wanted in (1, 1, 2):
        real = world.now
        world.now = real + wrong_by
        question = scale.sign_on_question()
        world.now = real
        scale.ask(question)
        assert world.alerts() == ["clock-skew"] * wanted
        world.now += alerts.AGAIN_AFTER_MS // 2 + 1


def test_a_heartbeat_that_the_broker_kept_says_nothing_of_the_clock(
    world: World, scale: Scale
) -> None:
    beat(scale, at=world.now - 86_400_000)
    assert world.alerts() == []
    beat(scale, at=world.now + 86_400_000)
    assert world.alerts() == ["clock-skew"]


def test_a_scale_that_falls_silent_in_an_open_shift_is_told_of_once(
    world: World, scale: Scale
) -> None:
    scale.upload(scale.paid(new_op(), cash_sale()))
    beat(scale, at=world.now)
    world.now += alerts.SILENT_AFTER_MS
    look(world)
    assert world.alerts() == []
    world.now += 1
    look(world)
    look(world)
    assert world.alerts() == ["scale-silent"]
    beat(scale, at=world.now)
    world.now += alerts.SILENT_AFTER_MS + 1
    look(world)
    assert world.alerts() == ["scale-silent"] * 2


def test_a_scale_that_closed_its_shift_may_be_silent(world: World, scale: Scale) -> None:
    scale.upload(scale.paid(new_op(), cash_sale()))
    z = ZReport(1, DAY, 7, world.now, 1, 1, 840, 0, [TenderSum(1, 1, 840)], 1, 1)
    scale.upload(scale.entry(Kind.Z, new_op(), z))
    beat(scale, at=world.now)
    world.now += 10 * alerts.SILENT_AFTER_MS
    look(world)
    assert world.alerts() == []


def test_a_scale_that_does_not_take_the_new_list_is_told_of_once(
    world: World, scale: Scale
) -> None:
    world.command("apply", text=MARKET.replace("6.80", "7.20"))
    world.now += alerts.LIST_TAKEN_WITHIN_MS
    beat(scale, at=world.now)
    assert world.alerts() == []
    world.now += 1
    for version in (2, 1, 1):
        beat(scale, at=world.now, list_version=version)
    assert world.alerts() == ["list-behind"]


def test_an_approval_that_nobody_paid_is_told_of_once(world: World, scale: Scale) -> None:
    paid = scale.pay(world.card())
    scale.ask(scale.intent(world.card()))
    assert paid
    world.now += alerts.ORPHAN_AFTER_MS + 1
    beat(scale, at=world.now, unsent=1)
    look(world)
    assert world.alerts() == [], "what the scale has not sent yet may be its PAID"
    world.now += 60_000
    beat(scale, at=world.now)
    look(world)
    look(world)
    assert world.alerts() == ["orphan-approval"]


def test_an_approval_of_a_lost_scale_is_told_of_after_a_day(world: World, scale: Scale) -> None:
    scale.ask(scale.intent(world.card()))
    world.now += alerts.ORPHAN_AT_LAST_MS
    look(world)
    assert world.alerts() == []
    world.now += 1
    look(world)
    assert world.alerts() == ["orphan-approval"]


def test_a_cashier_who_gives_back_often_is_told_of(world: World, scale: Scale) -> None:
    for number in range(1, 2 * alerts.MANY_VOIDS + 1):
        sold, back = new_op(), new_op()
        scale.upload(scale.paid(sold, cash_sale()))
        line = Line(1, -1, 9, 840, 9, 840, 0, 0, -840)
        tender = Tender(1, -840)
        refund = Sale(2, DAY, 1, 7, 1, None, 0, -840, [line], [], [tender], sold)
        scale.receipt += 1
        scale.upload(scale.entry(Kind.PAID, back, Paid(scale.receipt, refund)))
        assert world.alerts() == ["many-voids"] * (number // alerts.MANY_VOIDS)


@pytest.mark.parametrize(("amount", "told"), [(2000, []), (2001, ["over-limit"])])
def test_a_scale_that_took_more_than_it_may_is_told_of(
    tmp_path: Path, amount: int, told: list[str]
) -> None:
    world = World(tmp_path, MARKET.replace('name = "河边市场"\n', f'name = "河边市场"\n{OFFLINE}'))
    scale, card = Scale(world), world.card()
    scale.receipt += 1
    paid = Paid(scale.receipt, card_sale(card, amount), None, 1)
    scale.upload(scale.entry(Kind.PAID, new_op(), paid))
    assert world.balance("suspense") == 0
    assert world.alerts() == told
    world.desk.store.close()
