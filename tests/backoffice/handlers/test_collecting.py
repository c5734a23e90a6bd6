"""Collecting as a scale written by hand sees it, and what the office notes of it."""

import pytest

from backoffice.errors import Refused, UsageFault
from backoffice.handlers.collecting import last_moment
from broker.codec import decode, encode
from broker.collect import Collect, Upload
from broker.messages import VERSION, Heartbeat, Kind, Welcome
from broker.seal import split
from tests.backoffice.world import Scale, World, cash_sale, new_op

HOUR_MS = 3_600_000


def beat(scale: Scale, *, upload: int | None = 1, collected: int = 0, unsent: int = 0,
         waiting_s: int = 0, state: int = 1, at: int = 0) -> list[Collect]:  # fmt: skip
    """What a heartbeat is told."""
    one = Heartbeat(
        VERSION, Kind.HEARTBEAT, scale.terminal, at or scale.world.now, state, 1, scale.seq, unsent,
        1, "by hand", None, 0, upload, collected, waiting_s,
    )  # fmt: skip
    frames = [out.payload for out in scale.send("h", encode(one, scale.form))]
    sent = [decode(split(frame)[0]) for frame in frames]
    return [message for message in sent if isinstance(message, Collect)]


def asked(world: World) -> int:
    """Number of a collection at S03-12."""
    told = world.command("collect.ask", terminal="S03-12")["asked"]
    assert isinstance(told, list)
    [one] = told
    return int(one["number"])


def is_open(world: World) -> bool:
    return next(row for row in world.desk.store.collecting.scales() if row.code == "S03-12").is_open


@pytest.fixture
def wired(world: World) -> World:
    world.command("store.save", code="S03", upload="asked")
    return world


def test_the_sign_on_says_how_the_store_wants_it(world: World, scale: Scale) -> None:
    assert scale.sign_on().content.upload == Upload.AT_ONCE  # type: ignore[union-attr]
    world.command("store.save", code="S03", upload="asked")
    content = scale.sign_on().content
    assert isinstance(content, Welcome)
    assert content.upload == Upload.WHEN_ASKED


def test_a_scale_that_says_another_way_is_told(wired: World, scale: Scale) -> None:
    assert beat(scale, upload=0) == [Collect(1, Kind.COLLECT, "S03-12", 0, 1)]
    assert beat(scale, upload=1) == []


def test_an_open_collection_is_asked_for_with_each_heartbeat_until_it_is_answered(
    wired: World, scale: Scale
) -> None:
    number = asked(wired)
    assert number == wired.now // 1000
    wanted = [Collect(1, Kind.COLLECT, "S03-12", number, 1)]
    assert beat(scale, unsent=5) == wanted
    assert beat(scale, unsent=5, collected=number - 1) == wanted, "an older one"
    assert beat(scale, collected=number) == []
    assert not is_open(wired)
    assert beat(scale, collected=0) == [], "a scale that was started anew has forgotten it"


def test_each_collection_has_a_number_of_its_own(wired: World) -> None:
    assert (asked(wired), asked(wired)) == (wired.now // 1000, wired.now // 1000 + 1)


def test_a_will_ends_no_collection_and_hides_nothing(wired: World, scale: Scale) -> None:
    scale.upload(scale.paid(new_op(), cash_sale()))
    number = asked(wired)
    beat(scale, unsent=40, waiting_s=600)
    wired.now += HOUR_MS
    beat(scale, unsent=40, waiting_s=4200)
    assert beat(scale, state=0, collected=number, at=wired.now - HOUR_MS) == []
    [row] = [row for row in wired.desk.store.collecting.scales() if row.code == "S03-12"]
    assert (row.is_open, row.seen_state, row.unsent) == (True, 0, 40)
    assert row.waits_since == wired.now - 4_200_000


def test_a_goodbye_says_what_is_unsent_now(wired: World, scale: Scale) -> None:
    beat(scale, unsent=40, waiting_s=600)
    wired.now += HOUR_MS
    beat(scale, state=0, unsent=2)
    [row] = [row for row in wired.desk.store.collecting.scales() if row.code == "S03-12"]
    assert row.unsent == 2


def test_a_scale_of_an_older_program_is_told_nothing_and_has_delivered_when_it_says_so(
    wired: World, scale: Scale
) -> None:
    asked(wired)
    assert beat(scale, upload=None, unsent=3) == []
    assert is_open(wired)
    scale.seq += 1  # an entry that is not here
    assert beat(scale, upload=None, unsent=0) == []
    assert is_open(wired)
    scale.seq -= 1
    assert beat(scale, upload=None, unsent=0) == []
    assert not is_open(wired)


def test_a_store_a_till_or_all_are_asked_and_nobody_else(world: World) -> None:
    def codes(**said: object) -> list[str]:
        told = world.command("collect.ask", **said)["asked"]
        assert isinstance(told, list)
        return [one["terminal"] for one in told]

    assert codes() == codes(store="S03") == ["S03-12", "S03-13"]
    assert codes(terminal="S03-13") == ["S03-13"]
    world.command("terminal.suspend", terminal="S03-12")
    assert codes() == ["S03-13"]
    for said in ({"terminal": "S03-12"}, {"store": "S99"}):
        with pytest.raises(Refused):
            codes(**said)


def test_a_store_is_not_given_a_way_that_there_is_not(world: World) -> None:
    with pytest.raises(UsageFault):
        world.command("store.save", code="S03", upload="by pigeon")


def test_what_is_not_said_of_a_store_stays(wired: World) -> None:
    wired.command("store.save", code="S03", name="Other")
    [store] = wired.desk.store.places.stores()
    assert (store.name, store.upload) == ("Other", Upload.WHEN_ASKED)


def test_a_scale_that_waits_is_not_called_silent(wired: World, scale: Scale) -> None:
    scale.upload(scale.paid(new_op(), cash_sale()))
    for upload, silent in ((0, ["S03-12"]), (1, [])):
        beat(scale, upload=upload)
        assert [row[0] for row in wired.desk.store.watching.silent(wired.now + 1)] == silent


@pytest.mark.parametrize(("upload", "receipts"), [("asked", 0), ("at-once", 1)])
def test_an_answer_to_a_scale_that_waits_says_nothing_of_what_it_keeps(
    world: World, scale: Scale, upload: str, receipts: int
) -> None:
    world.command("store.save", code="S03", upload=upload)
    scale.paid(new_op(), cash_sale())  # it waits at the scale
    told = scale.send("a", scale.intent(world.card()))
    assert [one.topic for one in told] == ["d/S03-12/a"] + ["d/S03-12/k"] * receipts


def test_what_was_brought_is_counted_after_the_entry_before(wired: World, scale: Scale) -> None:
    for _ in range(3):
        scale.upload(scale.paid(new_op(), cash_sale()))
    [row] = [row for row in wired.desk.store.collecting.scales() if row.code == "S03-12"]
    collecting = wired.desk.store.collecting
    found = collecting.brought(row.id, 1, upto=1, since=wired.now)
    assert (row.upto, found.entries, found.sales) == (3, 2, 2)
    assert found.total == 2 * cash_sale().total
    assert collecting.brought(row.id, 1, upto=1, since=wired.now + 1).entries == 0


@pytest.mark.parametrize(
    ("zone", "minutes", "hours_ago"),
    [
        ("Asia/Shanghai", (13 * 60, 21 * 60 + 30), 1.0),
        ("Asia/Shanghai", (21 * 60 + 30,), 16.5),
        ("Asia/Shanghai", (14 * 60,), 0.0),
        ("UTC", (13 * 60,), 17.0),
        ("Asia/Urumqi", (0,), 12.0),
    ],
)
def test_the_last_time_of_the_timetable_is_by_the_stores_clock(
    world: World, zone: str, minutes: tuple[int, ...], hours_ago: float
) -> None:
    now = world.now  # 06:00 UTC, 14:00 in Shanghai
    assert last_moment(minutes, zone, now) == now - round(hours_ago * HOUR_MS)


def test_without_a_timetable_there_is_no_moment(world: World) -> None:
    assert last_moment((), "UTC", world.now) == 0
