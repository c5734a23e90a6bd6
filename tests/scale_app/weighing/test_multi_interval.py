"""A 6/15 kg scale with e = 2/5 g: larger steps above Max1, tare in the first range."""

from decimal import Decimal

import pytest

from broker.units import Weight
from scale_app.weighing.gate import Release
from scale_app.weighing.instrument import Instrument
from scale_app.weighing.protocols.family import StableBy
from scale_app.weighing.snapshot import LiveState, Refusal, Weighed
from scale_app.weighing.stability import settling
from scale_app.weighing.tare import TareRefusal
from tests.scale_app.weighing.bench import Bench

TWO_RANGES = Instrument(
    e=Decimal("0.002"), maximum=Decimal(15), upper=((Decimal(6), Decimal("0.005")),)
)


@pytest.fixture
def bench() -> Bench:
    made = Bench(instrument=TWO_RANGES)
    made.empty()
    return made


@pytest.mark.parametrize(
    ("load", "e"), [("0", "0.002"), ("6", "0.002"), ("6.002", "0.005"), ("15", "0.005")]
)
def test_e_changes_by_itself_above_max1(load: str, e: str) -> None:
    assert TWO_RANGES.e_at(Decimal(load)) == Decimal(e)


def test_a_sold_load_carries_the_e_of_its_range(bench: Bench) -> None:
    bench.put(5998)
    low = bench.sell()
    bench.empty()
    bench.put(6005)
    high = bench.sell()
    assert isinstance(low, Weighed)
    assert isinstance(high, Weighed)
    assert (low.e, high.e) == (Decimal("0.002"), Decimal("0.005"))


def test_nothing_is_shown_above_max_and_nine_of_the_last_ranges_e(bench: Bench) -> None:
    assert bench.put(15045).state is LiveState.STABLE
    assert bench.put(15046).state is LiveState.OVERLOAD


def test_min_is_twenty_of_the_first_e_or_what_the_plate_says(bench: Bench) -> None:
    assert bench.put(38).state is LiveState.BELOW_MIN
    assert bench.put(40).state is LiveState.STABLE
    plate = Instrument(least=Decimal("0.2"))
    assert plate.minimum == Decimal("0.2")


@pytest.mark.parametrize(
    ("value", "refusal"),
    [
        ("0.002", None),
        ("6", None),
        ("6.002", TareRefusal.TOO_LARGE),
        ("0.005", TareRefusal.NOT_ON_STEP),
    ],
)
def test_a_tare_is_in_steps_of_the_first_range_and_within_it(
    bench: Bench, value: str, refusal: TareRefusal | None
) -> None:
    assert bench.scale.type_tare(Decimal(value), bench.now) is refusal


def test_the_window_allows_one_interval_of_the_range_the_load_is_in() -> None:
    for base, fits in ((7000, True), (3000, False)):
        judge = settling(StableBy.SOFTWARE, TWO_RANGES.e_at)
        figures = [base, base + 5] * 5
        settled = [
            judge.feed(Decimal(grams).scaleb(-3), None, index / 10)
            for index, grams in enumerate(figures)
        ]
        assert any(settled) == fits


def test_one_step_of_the_upper_range_is_no_new_load() -> None:
    bench = Bench(instrument=TWO_RANGES, release=Release.CHANGED)
    bench.empty()
    bench.put(7000)
    assert isinstance(bench.sell(), Weighed)
    bench.put(7005)
    assert bench.sell() is Refusal.SAME_LOAD
    bench.put(7010)
    sold = bench.sell()
    assert isinstance(sold, Weighed)
    assert sold.net == Weight(7010)


@pytest.mark.parametrize(
    ("load", "grams"),
    [("0", 5), ("2.500", 5), ("2.505", 10), ("10", 10), ("10.005", 15), ("15", 15)],
)
def test_the_permissible_error_in_service_of_class_iii(load: str, grams: int) -> None:
    assert Instrument().permissible_error(Decimal(load)) == Decimal(grams).scaleb(-3)
