"""A till whose records the office collects: the real core and the real office."""

from pathlib import Path

import pytest

from backoffice.commands.table import run_command
from backoffice.handlers.collecting import collect_by_timetable, watch_collecting
from backoffice.handlers.desk import Batch
from broker.codec import decode
from broker.collect import Collect
from broker.messages import Entry, Kind
from broker.seal import split
from scale_app.terminal.collecting import OVERDUE_S
from scale_app.view import Stage
from tests.backoffice.world import World
from tests.scale_app.terminal.stall import MARKET, Stall, drop, sales

WITH_LIMITS = MARKET.replace(
    'name = "Store three"\n',
    'name = "Store three"\n[store.offline]\n'
    'per_payment = "20.00"\nper_card = "50.00"\nper_till = "100.00"\n',
)


def order(stall: Stall, name: str, /, **said: object) -> dict[str, object]:
    """An office command, whose frames go to the till."""
    batch = Batch()
    result = run_command(stall.office.desk, name, said, batch, now=stall.office.now)
    stall.office.desk.forget()
    for frame in batch.frames:
        stall.wire.deliver(frame.topic, frame.payload)
    stall.pump()
    return result


@pytest.fixture
def stall(tmp_path: Path) -> Stall:
    made = Stall(tmp_path, office=World(tmp_path, WITH_LIMITS))
    order(made, "store.save", code="S03", upload="asked")
    made.wait(1)
    return made


def collect(stall: Stall) -> None:
    order(stall, "collect.ask")
    stall.wait(1)


def has_delivered(stall: Stall) -> bool:
    (row,) = stall.office.desk.store.collecting.scales()
    return not row.is_open


def stored(stall: Stall) -> list[int]:
    """Numbers of the entries that the office holds."""
    _, rows = stall.office.desk.store.report_text("SELECT seq FROM entry ORDER BY epoch, seq")
    return [int(row[0]) for row in rows]


def close_shift(stall: Stall) -> None:
    for _ in range(3):
        stall.keys("s")
    stall.keys("=")


def test_what_is_sold_waits_until_the_office_asks(stall: Stall) -> None:
    stall.keys("98=")
    stall.keys("8=")
    stall.wait(600)
    assert (sales(stall), stored(stall), stall.view.links.unsent) == (0, [], 2)
    assert stall.view.links.oldest_unsent_s >= 600
    collect(stall)
    assert (sales(stall), stored(stall), stall.view.links.unsent) == (2, [1, 2], 0)
    assert has_delivered(stall)


def test_a_card_is_asked_about_at_once_and_its_outcome_waits(stall: Stall) -> None:
    stall.keys("8=")
    card = stall.issue(100)
    stall.keys("99")
    stall.tap(card)
    assert (stall.view.stage, stall.balance(card)) == (Stage.PAID, "98.20")
    stall.wait(120)
    assert (sales(stall), stored(stall), stall.view.links.unsent) == (0, [2], 3)
    collect(stall)
    assert (sales(stall), stored(stall), stall.balance(card)) == (2, [1, 2, 3], "98.20")
    assert (stall.office.alerts(), stall.office.quarantined()) == ([], [])


def test_a_reversal_does_not_wait(stall: Stall) -> None:
    stall.keys("8=")
    card = stall.issue(100)
    stall.wire.down = drop
    stall.keys("8")
    stall.tap(card)
    stall.wait(8)
    stall.wire.down = lambda _topic, frame: frame
    stall.wait(10)
    assert stall.balance(card) == "100.00"
    assert (stall.journal.open_undos(), sales(stall)) == ([], 0)
    collect(stall)
    assert (sales(stall), stall.view.links.unsent) == (1, 0)


def test_the_z_is_compared_when_everything_was_collected(stall: Stall) -> None:
    stall.keys("98=")
    close_shift(stall)
    stall.wait(60)
    assert stall.kinds()[-1] == Kind.Z
    assert stall.office.count("z_report") == 0
    collect(stall)
    stall.wait(2)
    _, rows = stall.office.desk.store.report_text("SELECT agrees FROM z_report")
    assert rows == [(1,)]
    assert stall.journal.compared.waiting() is None


def test_a_sale_without_an_answer_and_money_back_to_a_card_do_not_wait(stall: Stall) -> None:
    card = stall.issue(100)
    stall.keys("9")
    stall.tap(card)
    collect(stall)
    assert sales(stall) == 1
    stall.keys("8=")
    stall.cut()
    stall.keys("8")
    stall.tap(card)
    assert (stall.view.stage, stall.balance(card)) == (Stage.PAID, "99.10")
    stall.keys("8=")
    stall.connect()
    stall.wait(2)
    assert stall.balance(card) == "94.10"
    assert (sales(stall), stall.view.links.unsent) == (3, 1), "the last cash sale waits"


def test_what_cannot_wait_goes_after_a_restart_too(stall: Stall) -> None:
    card = stall.issue(100)
    stall.keys("9")
    stall.tap(card)
    collect(stall)
    stall.cut()
    stall.keys("8")
    stall.tap(card)
    stall.keys("8=")
    stall.kill()
    stall.start()
    stall.wait(2)
    assert (stall.balance(card), stall.view.links.unsent) == ("94.10", 1)


def test_uncollected_sales_without_an_answer_count_against_the_limits(stall: Stall) -> None:
    card = stall.issue(100)
    stall.keys("9")
    stall.tap(card)
    collect(stall)
    stall.cut()
    for _ in range(2):
        stall.keys("8888")
        stall.tap(card)
        assert stall.view.stage is Stage.PAID
    stall.keys("888")
    stall.tap(card)
    assert stall.view.stage is Stage.REFUSED, "50.00 a card: 40.00 are not collected yet"


def test_a_till_that_was_away_when_it_was_asked_is_asked_when_it_signs_on(stall: Stall) -> None:
    stall.keys("8=")
    stall.cut()
    collect(stall)
    assert not has_delivered(stall)
    stall.connect()
    stall.wait(2)
    assert (has_delivered(stall), sales(stall)) == (True, 1)


@pytest.mark.parametrize("killed_after", [0.0, 0.1, 0.5, 1.0])
def test_a_till_killed_while_it_is_collected_from_goes_on_after_its_start(
    stall: Stall, killed_after: float
) -> None:
    for _ in range(130):
        stall.keys("8=")
    stall.wire.up = lambda topic, frame: frame if not topic.endswith("/s") else None
    order(stall, "collect.ask")
    stall.wait(killed_after)
    stall.kill()
    stall.wire.up = lambda _topic, frame: frame
    stall.start()
    stall.wait(2)
    assert (sales(stall), has_delivered(stall), stall.view.links.unsent) == (130, True, 0)


def test_collecting_twice_and_late_frames_double_nothing(stall: Stall) -> None:
    stall.keys("98=")
    stall.wire.down = stall.wire.hold
    collect(stall)
    stall.wire.down = lambda _topic, frame: frame
    stall.wire.release()
    stall.pump()
    collect(stall)
    collect(stall)
    stall.wait(5)
    assert (sales(stall), stored(stall)) == (1, [1])
    assert (has_delivered(stall), stall.office.alerts()) == (True, [])


def test_a_lost_request_is_made_again_with_the_next_heartbeat(stall: Stall) -> None:
    stall.keys("8=")
    stall.wire.down = drop
    order(stall, "collect.ask")
    stall.wire.down = lambda _topic, frame: frame
    stall.wait(5)
    assert sales(stall) == 0
    stall.wait(60)
    assert (sales(stall), has_delivered(stall)) == (1, True)


def test_an_asking_office_and_a_telling_till_do_not_talk_for_ever(stall: Stall) -> None:
    """A till whose records do not arrive is asked with each heartbeat, once a minute."""
    stall.keys("8=")
    stall.wire.up = lambda topic, frame: None if topic.endswith("/s") else frame
    before = len(stall.wire.sent)
    order(stall, "collect.ask")
    stall.wait(300)
    beats = [topic for topic, _ in stall.wire.sent[before:] if topic.endswith("/h")]
    assert 4 <= len(beats) <= 6


def test_switching_a_store_back_sends_what_waits(stall: Stall) -> None:
    stall.keys("8=")
    order(stall, "store.save", code="S03", upload="at-once")
    stall.wait(1)
    assert (sales(stall), stall.view.links.unsent) == (1, 0)
    stall.keys("8=")
    stall.wait(2)
    assert sales(stall) == 2
    order(stall, "store.save", code="S03", upload="asked")
    stall.keys("8=")
    stall.wait(5)
    assert sales(stall) == 2


def test_a_till_that_did_not_hear_of_the_switch_is_told_again(stall: Stall) -> None:
    stall.keys("8=")
    stall.wire.down = drop
    order(stall, "store.save", code="S03", upload="at-once")
    stall.wire.down = lambda _topic, frame: frame
    stall.wait(61)
    assert sales(stall) == 1


def test_a_till_starts_as_it_was_told_and_an_older_office_gets_everything(stall: Stall) -> None:
    stall.keys("8=")
    stall.kill()
    stall.start()
    stall.wait(5)
    assert sales(stall) == 0
    stall.office.desk.store.directory.save_store(1, "S03", "Store three")  # says nothing of it
    stall.cut()
    stall.connect()
    stall.wait(2)
    assert sales(stall) == 1


def test_at_a_till_that_sends_by_itself_a_collection_ends_at_once(tmp_path: Path) -> None:
    stall = Stall(tmp_path)
    stall.keys("8=")
    collect(stall)
    assert (sales(stall), has_delivered(stall)) == (1, True)


def test_the_six_tries_alarm_is_not_for_a_till_that_waits(stall: Stall) -> None:
    stall.keys("8=")
    stall.wire.up = lambda topic, frame: None if topic.endswith("/s") else frame
    order(stall, "collect.ask")
    stall.wait(900)
    assert stall.said != "not-confirmed"


def test_records_that_nobody_collects_are_told_of_at_both_ends(stall: Stall) -> None:
    stall.keys("8=")
    stall.mono += OVERDUE_S - 100
    stall.office.now += (OVERDUE_S - 100) * 1000
    stall.wait(61)
    look(stall)
    assert stall.said != "not-collected"
    assert stall.office.alerts() == []
    stall.mono += 100
    stall.office.now += 100_000
    stall.wait(61)
    look(stall)
    look(stall)
    assert stall.said == "not-collected"
    assert stall.view.message is not None
    assert stall.view.message.params == {"count": "1", "hours": "26"}
    assert stall.office.alerts() == ["not-collected"]


def look(stall: Stall) -> None:
    with stall.office.desk.store.transaction():
        watch_collecting(stall.office.desk, stall.office.now)


def test_the_timetable_asks_once_for_each_of_its_times(stall: Stall) -> None:
    desk = stall.office.desk  # it is 14:00 in Shanghai

    def at(*minutes: int) -> list[str]:
        batch = Batch()
        with desk.store.transaction():
            asked = collect_by_timetable(desk, batch, stall.office.now, minutes=minutes)
        for frame in batch.frames:
            stall.wire.deliver(frame.topic, frame.payload)
        stall.wait(1)
        return asked

    stall.keys("8=")
    assert at() == []
    assert at(13 * 60) == ["S03-12"]
    assert (sales(stall), at(13 * 60)) == (1, [])
    assert at(13 * 60, 15 * 60) == []
    stall.office.now += 60 * 60_000
    assert at(13 * 60, 15 * 60) == ["S03-12"]


def test_a_collect_names_its_number_and_how_the_store_wants_it(stall: Stall) -> None:
    seen: list[bytes] = []
    stall.wire.down = lambda topic, frame: seen.append(frame) if topic.endswith("/k") else frame
    told = order(stall, "collect.ask")
    (message,) = [decode(split(frame)[0]) for frame in seen]
    number = stall.office.now // 1000
    assert message == Collect(1, Kind.COLLECT, "S03-12", number, 1)
    assert told["asked"] == [
        {"terminal": "S03-12", "store": "S03", "epoch": 1, "upto": 0, "number": number}
    ]


def test_a_new_epoch_brings_what_waited(stall: Stall) -> None:
    """The office forgets where it stood: the till begins a new epoch, and nothing is lost."""
    stall.keys("8=")
    card = stall.issue(100)
    stall.keys("9")
    stall.tap(card)
    with stall.office.desk.store.transaction():
        row = stall.office.desk.store.directory.terminal("S03-12")
        assert row is not None
        stall.office.desk.store.directory.raise_epoch(row, 2)
    stall.cut()
    stall.connect()
    collect(stall)
    stall.wait(70)
    collect(stall)
    entries = [decode(body) for _, body in stall.journal.unsent(0, 10)]
    assert all(isinstance(one, Entry) for one in entries)
    assert (sales(stall), stall.balance(card)) == (2, "99.10")
