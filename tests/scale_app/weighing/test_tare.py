"""Tare at the till: what is taken, what is refused, when it goes away."""

from decimal import Decimal

import pytest

from broker.units import Weight
from scale_app.weighing.reading import Fault, Mode, TareKind
from scale_app.weighing.snapshot import LiveState, Refusal, Weighed
from scale_app.weighing.tare import TareRefusal
from tests.scale_app.weighing.bench import Bench


@pytest.fixture
def bench() -> Bench:
    made = Bench()
    made.empty()
    return made


def test_a_weighed_container_is_taken_off_the_goods(bench: Bench) -> None:
    bench.put(150)
    assert bench.scale.weigh_tare(bench.now) is None
    assert (bench.live.digits, bench.live.state) == ("0.000", LiveState.EMPTY)
    assert bench.sell() is Refusal.NO_NET
    bench.put(1150)
    sold = bench.sell()
    assert isinstance(sold, Weighed)
    assert (sold.net, sold.gross, sold.tare) == (Weight(1000), Weight(1150), Weight(150))
    assert sold.tare_kind is TareKind.WEIGHED


def test_a_typed_tare_shows_as_a_negative_weight_on_the_empty_pan(bench: Bench) -> None:
    assert bench.scale.type_tare(Decimal("0.15"), bench.now) is None
    assert (bench.live.digits, bench.live.tare_kind) == ("-0.150", TareKind.TYPED)
    assert bench.put(1150).net == Weight(1000)


def test_a_product_tare_stands_beside_the_container_and_goes_with_its_plu(bench: Bench) -> None:
    bench.scale.type_tare(Decimal("0.150"), bench.now)
    bench.scale.product_tare(Decimal("0.010"), bench.now)
    live = bench.put(1160)
    assert (live.net, live.tare_kind) == (Weight(1000), TareKind.COMBINED)
    bench.scale.product_tare(None, bench.now)
    assert (bench.live.net, bench.live.tare_kind) == (Weight(1010), TareKind.TYPED)


@pytest.mark.parametrize(
    ("value", "refusal"),
    [
        ("0", TareRefusal.NOT_POSITIVE),
        ("-0.100", TareRefusal.NOT_POSITIVE),
        ("0.152", TareRefusal.NOT_ON_STEP),
        ("15", TareRefusal.TOO_LARGE),
    ],
)
def test_a_tare_is_a_positive_number_of_intervals_below_max(
    bench: Bench, value: str, refusal: TareRefusal
) -> None:
    assert bench.scale.type_tare(Decimal(value), bench.now) is refusal
    assert bench.live.tare is None


def test_a_moving_or_lost_pan_is_not_tared(bench: Bench) -> None:
    bench.show(150, stable=False)
    assert bench.scale.weigh_tare(bench.now) is TareRefusal.MOVING
    bench.fault(Fault.DISCONNECTED)
    assert bench.scale.weigh_tare(bench.now) is TareRefusal.STALE


def test_an_empty_pan_is_not_tared(bench: Bench) -> None:
    assert bench.scale.weigh_tare(bench.now) is TareRefusal.NOT_POSITIVE


def test_a_repeated_tare_adds_but_never_lowers_while_the_pan_is_loaded(bench: Bench) -> None:
    bench.put(150)
    bench.scale.weigh_tare(bench.now)
    bench.put(300)
    assert bench.scale.weigh_tare(bench.now) is None
    bench.put(200)
    assert bench.scale.weigh_tare(bench.now) is TareRefusal.NOT_LOWER
    assert bench.scale.type_tare(Decimal("0.100"), bench.now) is TareRefusal.NOT_LOWER


def test_a_scale_that_holds_a_tare_gets_no_second_container(bench: Bench) -> None:
    bench.say(weight=Decimal("1.000"), stable=True, mode=Mode.NET, tare=Decimal("0.150"))
    assert bench.scale.type_tare(Decimal("0.100"), bench.now) is TareRefusal.SCALE_HAS_TARE
    assert bench.scale.weigh_tare(bench.now) is TareRefusal.SCALE_HAS_TARE
    assert bench.scale.product_tare(Decimal("0.010"), bench.now) is None
    assert bench.live.net == Weight(990)
    assert bench.live.tare_kind is TareKind.COMBINED


def test_the_container_clears_itself_when_goods_were_weighed_and_the_pan_is_empty(
    bench: Bench,
) -> None:
    bench.scale.type_tare(Decimal("0.150"), bench.now)
    bench.empty()
    assert bench.live.tare == Weight(150)
    bench.put(1150)
    bench.empty()
    assert bench.live.tare is None
    assert bench.live.digits == "0.000"


def test_a_kept_container_stays(bench: Bench) -> None:
    bench.scale.type_tare(Decimal("0.150"), bench.now)
    bench.scale.keep_tare(True)
    bench.put(1150)
    bench.empty()
    assert bench.live.tare == Weight(150)
    bench.scale.clear_tare(bench.now)
    assert bench.live.tare is None


def test_a_known_container_is_taken_off_like_a_typed_one_and_named(bench: Bench) -> None:
    bench.scale.type_tare(Decimal("0.120"), bench.now, TareKind.CONTAINER)
    bench.put(1120)
    sold = bench.sell()
    assert isinstance(sold, Weighed)
    assert (sold.net, sold.tare_kind) == (Weight(1000), TareKind.CONTAINER)
    bench.empty()
    assert (bench.live.tare, bench.live.digits) == (None, "0.000")


@pytest.mark.parametrize(
    ("grams", "percent", "net"), [(1000, "10", 900), (1005, "2.5", 980), (50, "1", 50)]
)
def test_a_share_in_percent_is_rounded_to_the_interval_half_up(
    bench: Bench, grams: int, percent: str, net: int
) -> None:
    assert bench.scale.percent_tare(Decimal(percent), bench.now) is None
    live = bench.put(grams)
    assert (live.net, live.tare_kind) == (Weight(net), TareKind.PERCENT)


def test_a_share_is_taken_of_what_container_and_product_leave_over(bench: Bench) -> None:
    bench.scale.type_tare(Decimal("0.200"), bench.now)
    bench.scale.percent_tare(Decimal(10), bench.now)
    live = bench.put(1200)
    assert (live.net, live.tare, live.tare_kind) == (Weight(900), Weight(300), TareKind.COMBINED)
    bench.scale.clear_tare(bench.now)
    assert bench.live.net == Weight(1080)
    bench.scale.percent_tare(None, bench.now)
    assert bench.live.net == Weight(1200)


@pytest.mark.parametrize("percent", ["-1", "100", "250"])
def test_a_share_lies_between_nothing_and_everything(bench: Bench, percent: str) -> None:
    assert bench.scale.percent_tare(Decimal(percent), bench.now) in {
        TareRefusal.NOT_POSITIVE,
        TareRefusal.TOO_LARGE,
    }
    assert bench.put(1000).net == Weight(1000)
