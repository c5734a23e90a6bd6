"""Z reports against the office's own tally."""

from broker.messages import Code, Kind, TenderSum, ZReport
from tests.backoffice.world import DAY, Scale, World, cash_sale, new_op

EMPTY = ZReport(1, DAY, 7, 0, 0, 0, 0, 0, [], 0, 0)


def z(scale: Scale, *, total: int = 1_500, count: int = 2) -> bytes:
    report = ZReport(
        shift=1, day=DAY, cashier=7, opened_at=0, sales=count, lines=count, total=total, saving=0,
        tenders=[TenderSum(1, count, total)], first_receipt=1, last_receipt=count,
    )  # fmt: skip
    return scale.entry(Kind.Z, new_op(), report)


def kept(world: World) -> list[tuple[int, str]]:
    return [(row[6], row[7]) for row in world.desk.store.sales.z_reports(0, 99999999)]


def test_a_z_that_agrees_is_noted_as_such(world: World, scale: Scale) -> None:
    scale.upload(scale.paid(new_op(), cash_sale(700)), scale.paid(new_op(), cash_sale(800)))
    scale.upload(z(scale))
    assert kept(world) == [(1, "")]
    assert world.alerts() == []


def test_a_z_that_differs_is_a_result_and_an_alert(world: World, scale: Scale) -> None:
    scale.upload(scale.paid(new_op(), cash_sale(700)), scale.paid(new_op(), cash_sale(800)))
    scale.upload(z(scale, total=1_600))
    [(agrees, difference)] = kept(world)
    assert agrees == 0
    assert "total: scale 1600, books 1500" in difference
    assert world.alerts() == ["z-differs"]


def test_a_z_waits_for_entries_that_are_missing(world: World, scale: Scale) -> None:
    first = scale.paid(new_op(), cash_sale(700))
    late = scale.paid(new_op(), cash_sale(800))
    closing = z(scale)
    scale.upload(first)
    receipt = scale.upload(closing)
    assert (receipt.upto, receipt.missing) == (1, [2])
    assert kept(world) == [(-1, "")]
    assert scale.upload(late).upto == 3
    assert kept(world) == [(1, "")]
    assert world.alerts() == []


def test_a_z_that_waited_is_compared_when_a_question_fills_the_gap(
    world: World, scale: Scale
) -> None:
    card = world.card()
    op = new_op()
    asked = scale.intent(card, 700, op)
    scale.upload(scale.reversing(op), scale.entry(Kind.Z, new_op(), EMPTY))
    assert kept(world) == [(-1, "")]
    assert scale.ask(asked).code == Code.REVERSED
    assert kept(world) == [(1, "")]


def test_an_empty_shift_agrees(world: World, scale: Scale) -> None:
    scale.upload(scale.entry(Kind.Z, new_op(), EMPTY))
    assert kept(world) == [(1, "")]
