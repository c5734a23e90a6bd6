"""How much a scale sends and is sent: counted by month, for strangers not at all."""

from pathlib import Path

from backoffice.traffic import AROUND_EACH, Traffic, month_of, terminal_of
from tests.backoffice.world import World


def test_a_topic_names_its_scale() -> None:
    assert terminal_of("u/S03-12/s") == "S03-12"
    assert terminal_of("d/S03-12/a/7") == "S03-12"
    assert terminal_of("office/alerts") == ""
    assert terminal_of("u") == ""


def test_both_ways_are_counted_with_what_goes_around_them_and_taken_once() -> None:
    traffic = Traffic()
    traffic.came("u/T1/s", 100)
    traffic.came("u/T1/s", 50)
    traffic.went("d/T1/k", 10)
    traffic.went("office/alerts", 999)
    assert traffic.take() == [("T1", 150 + 2 * AROUND_EACH, 10 + AROUND_EACH, 3)]
    assert traffic.take() == []


def test_a_month_is_that_of_utc() -> None:
    assert month_of(1_796_083_199_999) == 202611
    assert month_of(1_796_083_200_000) == 202612


def test_sums_stand_by_month_and_a_stranger_has_none(tmp_path: Path) -> None:
    store = World(tmp_path).desk.store
    with store.transaction():
        store.traffic.add(202611, [("S03-12", 5, 7, 1), ("NOBODY", 1, 1, 1)])
        store.traffic.add(202611, [("S03-12", 10, 20, 2)])
        store.traffic.add(202612, [("S03-12", 1, 1, 1)])
    assert store.traffic.of_month(202611) == {"S03-12": (15, 27, 3)}
    assert store.traffic.of_month(202601) == {}
