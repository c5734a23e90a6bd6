"""The live view and the sale: what is shown, what is sold, what is refused and by which name."""

from decimal import Decimal

import pytest

from broker.units import Weight, WeightUnit
from fixtures.scales import KINDS
from fixtures.scales.kind import Shown
from scale_app.weighing import catalogue
from scale_app.weighing.gate import Release
from scale_app.weighing.instrument import Instrument
from scale_app.weighing.live import LiveScale
from scale_app.weighing.reading import Fault, Mode, Reading, TareKind
from scale_app.weighing.snapshot import DASHES, LiveState, Refusal, Weighed
from tests.scale_app.weighing.bench import Bench


@pytest.fixture
def bench() -> Bench:
    made = Bench()
    made.empty()
    return made


def test_goods_put_on_an_empty_pan_are_sold_by_their_net_weight(bench: Bench) -> None:
    live = bench.put(1235)
    assert (live.state, live.digits, live.ready) == (LiveState.STABLE, "1.235", True)
    sold = bench.sell()
    assert isinstance(sold, Weighed)
    assert sold.net == Weight(1235, WeightUnit.GRAM)
    assert (sold.gross, sold.tare, sold.below_minimum) == (Weight(1235), None, False)
    assert sold.e == Decimal("0.005")


def test_the_same_load_is_not_sold_twice(bench: Bench) -> None:
    bench.put(1235)
    assert isinstance(bench.sell(), Weighed)
    assert bench.sell() is Refusal.SAME_LOAD
    bench.show(1235, times=30)
    assert bench.sell() is Refusal.SAME_LOAD
    bench.put(1500)
    assert bench.sell() is Refusal.SAME_LOAD


def test_an_empty_pan_lets_the_next_load_be_sold_even_at_the_same_weight(bench: Bench) -> None:
    bench.put(1235)
    bench.sell()
    bench.empty()
    bench.put(1235)
    assert isinstance(bench.sell(), Weighed)


def test_a_pan_that_swings_through_zero_is_not_empty(bench: Bench) -> None:
    bench.put(1235)
    bench.sell()
    bench.show(0, stable=False, times=2)
    bench.put(1235)
    assert bench.sell() is Refusal.SAME_LOAD


def test_what_lies_on_the_pan_at_the_start_is_refused_until_it_was_empty_once() -> None:
    bench = Bench()
    bench.put(1235)
    assert bench.sell() is Refusal.ZERO_FIRST
    bench.empty()
    bench.put(1235)
    assert isinstance(bench.sell(), Weighed)


def test_a_voided_line_gives_its_untouched_load_back(bench: Bench) -> None:
    seq = bench.put(1235).seq
    bench.sell()
    bench.show(1235, times=3)
    assert bench.scale.release_commit(seq, bench.now)
    assert isinstance(bench.sell(), Weighed)


def test_a_voided_line_whose_load_was_touched_is_not_given_back(bench: Bench) -> None:
    seq = bench.put(1235).seq
    bench.sell()
    bench.show(1235, stable=False)
    bench.show(1235)
    assert not bench.scale.release_commit(seq, bench.now)
    assert bench.sell() is Refusal.SAME_LOAD


def test_an_empty_pan_is_not_sold(bench: Bench) -> None:
    assert (bench.live.state, bench.live.zero) == (LiveState.EMPTY, True)
    assert bench.sell() is Refusal.NOT_LOADED


def test_moving_goods_are_not_sold(bench: Bench) -> None:
    assert bench.show(1235, stable=False).state is LiveState.MOVING
    assert bench.sell() is Refusal.MOVING


def test_a_weight_below_zero_is_not_sold(bench: Bench) -> None:
    live = bench.put(-50)
    assert (live.state, live.digits) == (LiveState.NEGATIVE, "-0.050")
    assert bench.sell() is Refusal.NEGATIVE


def test_below_minimum_load_needs_one_more_word(bench: Bench) -> None:
    live = bench.put(95)
    assert (live.state, live.refusal) == (LiveState.BELOW_MIN, Refusal.BELOW_MINIMUM)
    assert bench.sell() is Refusal.BELOW_MINIMUM
    sold = bench.sell(below_minimum_ok=True)
    assert isinstance(sold, Weighed)
    assert sold.below_minimum
    assert bench.sell(below_minimum_ok=True) is Refusal.SAME_LOAD


def test_one_more_word_opens_nothing_but_the_minimum(bench: Bench) -> None:
    bench.show(50, stable=False)
    assert bench.sell(below_minimum_ok=True) is Refusal.MOVING


FAULTS = [
    (Fault.MOTION, LiveState.MOVING, Refusal.MOVING),
    (Fault.OVERLOAD, LiveState.OVERLOAD, Refusal.OVERLOAD),
    (Fault.UNDERLOAD, LiveState.UNDERLOAD, Refusal.UNDERLOAD),
    (Fault.UNDER_ZERO, LiveState.NEGATIVE, Refusal.NEGATIVE),
    (Fault.NOT_READY, LiveState.FAULT, Refusal.FAULT),
    (Fault.DEVICE_FAULT, LiveState.FAULT, Refusal.FAULT),
    (Fault.PRICE_MISMATCH, LiveState.FAULT, Refusal.FAULT),
    (Fault.STALE, LiveState.STALE, Refusal.STALE),
    (Fault.DISCONNECTED, LiveState.LOST, Refusal.LOST),
]


@pytest.mark.parametrize(("fault", "state", "refusal"), FAULTS)
def test_a_fault_shows_dashes_and_sells_nothing(
    bench: Bench, fault: Fault, state: LiveState, refusal: Refusal
) -> None:
    bench.put(1235)
    live = bench.fault(fault)
    assert (live.state, live.fault, live.digits) == (state, fault, DASHES)
    assert (live.net, live.gross, live.tare) == (None, None, None)
    assert bench.sell() is refusal


def test_every_fault_is_damage_or_a_state_of_its_own() -> None:
    damage = {Fault.BAD_FRAME, Fault.BAD_CHECKSUM, Fault.INCOMPLETE}
    assert {fault for fault, _, _ in FAULTS} | damage == set(Fault)


def test_a_damaged_frame_keeps_the_last_weight_until_it_is_stale(bench: Bench) -> None:
    bench.put(1235)
    assert bench.fault(Fault.BAD_CHECKSUM).digits == "1.235"
    for _ in range(10):
        bench.fault(Fault.BAD_CHECKSUM)
    assert (bench.live.state, bench.live.digits) == (LiveState.STALE, DASHES)


def test_silence_turns_the_weight_stale_and_the_next_reading_heals_it(bench: Bench) -> None:
    bench.put(1235)
    assert bench.tick(0.9).ready
    assert bench.tick(0.2).state is LiveState.STALE
    assert bench.sell() is Refusal.STALE
    bench.put(1235)
    assert isinstance(bench.sell(), Weighed)


def test_a_key_pressed_in_the_silence_sells_nothing_though_nobody_ticked() -> None:
    bench = Bench(protocol="mt-8217")
    bench.empty()
    bench.show(1235, times=2)
    assert bench.scale.commit(bench.live.seq, bench.now + 0.9) is Refusal.STALE
    assert bench.live.digits == DASHES


def test_a_sold_load_stays_sold_through_unplugging(bench: Bench) -> None:
    bench.put(1235)
    bench.sell()
    bench.fault(Fault.DISCONNECTED)
    bench.put(1235)
    assert bench.sell() is Refusal.SAME_LOAD


def test_only_the_very_figures_shown_are_sold(bench: Bench) -> None:
    shown = bench.put(1235).seq
    bench.put(1500)
    assert bench.scale.commit(shown, bench.now) is Refusal.NOT_SHOWN
    assert bench.scale.commit(bench.live.seq + 1, bench.now) is Refusal.NOT_SHOWN
    assert isinstance(bench.sell(), Weighed)


def test_an_older_snapshot_of_the_same_figures_is_good(bench: Bench) -> None:
    shown = bench.put(1235).seq
    bench.show(1235, times=3)
    assert isinstance(bench.scale.commit(shown, bench.now), Weighed)


def test_a_tare_taken_after_the_figures_were_shown_makes_them_another(bench: Bench) -> None:
    shown = bench.put(1235).seq
    bench.scale.type_tare(Decimal("0.100"), bench.now)
    assert bench.scale.commit(shown, bench.now) is Refusal.NOT_SHOWN


def test_above_max_and_nine_intervals_nothing_is_shown(bench: Bench) -> None:
    assert bench.put(15045).digits == "15.045"
    live = bench.put(15050)
    assert (live.state, live.net, live.digits) == (LiveState.OVERLOAD, None, DASHES)
    assert bench.sell() is Refusal.OVERLOAD


def test_figures_not_for_trade_are_never_sold(bench: Bench) -> None:
    bench.say(weight=Decimal("1.235"), stable=True, mode=Mode.GROSS, for_trade=False)
    assert bench.sell() is Refusal.NOT_FOR_TRADE


def test_a_figure_finer_than_a_step_or_in_a_foreign_unit_is_a_fault(bench: Bench) -> None:
    live = bench.say(weight=Decimal("1.2355"), stable=True, mode=Mode.GROSS)
    assert (live.state, live.net) == (LiveState.FAULT, None)
    live = bench.say(weight=Decimal("2.72"), unit="lb", stable=True, mode=Mode.GROSS)
    assert (live.state, live.net) == (LiveState.FAULT, None)


def test_a_scale_that_counts_grams_is_shown_in_kilograms() -> None:
    bench = Bench()
    for grams in (0, 0, 0, 0, 0, 1235, 1235):
        bench.say(weight=Decimal(grams), unit="g", stable=True, mode=Mode.GROSS)
    assert bench.live.digits == "1.235"
    assert bench.live.net == Weight(1235)


def test_a_pound_scale_sells_hundredths_of_a_pound() -> None:
    plate = Instrument(Decimal("0.01"), Decimal(30), WeightUnit.HUNDREDTH_LB)
    bench = Bench(instrument=plate)
    for digits in ("0.00",) * 5 + ("2.72",):
        bench.say(weight=Decimal(digits), unit="lb", stable=True, mode=Mode.GROSS)
    sold = bench.sell()
    assert isinstance(sold, Weighed)
    assert sold.net == Weight(272, WeightUnit.HUNDREDTH_LB)


def test_a_container_tared_on_the_scale_is_taken_off_and_told(bench: Bench) -> None:
    for net in ("0.000", "1.000"):
        bench.say(
            weight=Decimal(net),
            stable=True,
            mode=Mode.NET,
            tare=Decimal("0.150"),
            tare_kind=TareKind.SCALE,
        )
    sold = bench.sell()
    assert isinstance(sold, Weighed)
    assert (sold.net, sold.gross, sold.tare) == (Weight(1000), Weight(1150), Weight(150))
    assert sold.tare_kind is TareKind.SCALE


def test_goods_tared_away_after_their_sale_are_not_sold_again(bench: Bench) -> None:
    def net(figure: str) -> None:
        bench.say(weight=Decimal(figure), stable=True, mode=Mode.NET)

    bench.put(150)
    for figure in ("0.000", "1.000", "1.000"):
        net(figure)
    assert isinstance(bench.sell(), Weighed)
    for _ in range(10):
        net("0.000")
    bench.put(1150)
    assert bench.sell() is Refusal.SAME_LOAD


def test_policy_changed_releases_another_load_but_never_the_sold_one() -> None:
    bench = Bench(release=Release.CHANGED)
    bench.empty()
    bench.put(1000)
    assert isinstance(bench.sell(), Weighed)
    bench.put(1005)
    assert bench.sell() is Refusal.SAME_LOAD
    bench.put(1500)
    assert isinstance(bench.sell(), Weighed)
    bench.put(1000)
    assert bench.sell() is Refusal.SAME_LOAD


def test_a_status_answer_changes_nothing_but_lets_the_zero_lamp_empty_the_pan(bench: Bench) -> None:
    bench.put(1235)
    bench.sell()
    for _ in range(5):
        bench.say(zero=True, note="status")
    bench.put(1235)
    assert isinstance(bench.sell(), Weighed)


def test_a_reading_is_a_weight_or_a_fault_never_both() -> None:
    with pytest.raises(AssertionError):
        Reading(weight=Decimal(0), fault=Fault.OVERLOAD)
    with pytest.raises(AssertionError):
        Reading(fault=Fault.MOTION, stable=True)


@pytest.mark.parametrize(("tare_g", "gross"), [(0, 1235), (150, 1385)])
def test_an_indicator_that_is_asked_for_tare_and_net_sells(tare_g: int, gross: int) -> None:
    profile = catalogue.profile("yaohua-stx", {"mode": "command"})
    decoder, scale = profile.decoder(), LiveScale(Instrument(), profile)
    answer, shown = KINDS["yaohua-stx"].answer, [0] * 12 + [1235] * 20
    now = 0.0
    for seq, grams in enumerate(shown, 1):
        now += 0.1
        pan, request = Shown(grams, tare_g=tare_g if grams else 0), profile.poll
        while request:
            for reading in decoder.feed(answer(request, pan, profile.keys).reply):
                scale.feed(reading.stamped(now, seq), now)
            request = decoder.replies()
    assert (scale.live.state, scale.live.digits) == (LiveState.STABLE, "1.235")
    sold = scale.commit(scale.live.seq, now)
    assert isinstance(sold, Weighed)
    assert (sold.net, sold.gross) == (Weight(1235), Weight(gross))
