"""Stability: the window in time, the flag seen twice, and what starts either again."""

from collections.abc import Iterable
from decimal import Decimal

from scale_app.weighing.protocols.family import StableBy
from scale_app.weighing.stability import FlagTwice, Window, settling


def e_at(_weight: Decimal) -> Decimal:
    return Decimal("0.005")


def feed(window: Window, grams: Iterable[int], start: float = 0.0, step: float = 0.1) -> list[bool]:
    return [
        window.feed(Decimal(weight).scaleb(-3), None, start + index * step)
        for index, weight in enumerate(grams)
    ]


def test_half_a_second_within_one_interval_is_stable() -> None:
    assert feed(Window(e_at), [1000] * 8) == [False] * 5 + [True] * 3


def test_a_figure_that_flickers_by_one_interval_settles() -> None:
    assert feed(Window(e_at), [1000, 1005, 1000, 1005, 1000, 1005, 1000, 1005, 1000])[-1]


def test_two_intervals_apart_is_moving() -> None:
    assert not any(feed(Window(e_at), [1000, 1010] * 10))


def test_a_slow_pour_within_one_interval_has_a_trend_and_is_moving() -> None:
    assert not any(feed(Window(e_at), [1000, 1000, 1000, 1005, 1005, 1005]))


def test_the_first_sample_over_one_interval_away_is_moving_again() -> None:
    window = Window(e_at)
    assert feed(window, [1000] * 7)[-1]
    assert not window.feed(Decimal("1.010"), None, 0.7)


def test_creep_away_from_where_it_settled_is_noticed() -> None:
    window = Window(e_at)
    creep = feed(window, [1000] * 7 + [1005] * 3 + [1010])
    assert creep[6]
    assert creep[9]
    assert not creep[10]


def test_a_gap_starts_the_window_again() -> None:
    window = Window(e_at)
    assert feed(window, [1000] * 7)[-1]
    assert not window.feed(Decimal("1.000"), None, 1.1)


def test_the_window_is_time_not_samples() -> None:
    fast = feed(Window(e_at), [1000] * 60, step=0.01)
    assert fast.index(True) == 50


def test_fewer_than_four_samples_are_never_stable() -> None:
    assert feed(Window(e_at), [1000] * 3, step=0.29) == [False, False, False]


def test_without_checksum_a_figure_in_the_settled_window_counts_only_when_read_twice() -> None:
    window = settling(StableBy.SOFTWARE_TWICE, e_at)
    settled = [window.feed(Decimal(1), None, index * 0.1) for index in range(7)]
    assert settled == [False] * 5 + [True] * 2
    # One digit damaged on the way, within 1 e of the true figure.
    assert not window.feed(Decimal("1.004"), None, 0.7)
    assert not window.feed(Decimal(1), None, 0.75)
    assert not window.feed(Decimal(1), None, 0.8)
    assert window.feed(Decimal(1), None, 0.83)


def test_poured_goods_wait_longer() -> None:
    pour = settling(StableBy.SOFTWARE, e_at, pour=True)
    stable = [pour.feed(Decimal(1), None, index * 0.1) for index in range(10)]
    assert stable.index(True) == 8


def test_a_moving_flag_starts_the_window_again() -> None:
    window = Window(e_at)
    assert feed(window, [1000] * 7)[-1]
    assert not window.feed(Decimal(1), flag=False, t_mono=0.7)
    assert not window.feed(Decimal(1), None, 0.8)


def test_the_flag_alone_needs_a_second_equal_reading_80_ms_later() -> None:
    judge = FlagTwice()
    assert not judge.feed(Decimal("1.235"), flag=True, t_mono=0.0)
    assert not judge.feed(Decimal("1.235"), flag=True, t_mono=0.05)
    assert judge.feed(Decimal("1.235"), flag=True, t_mono=0.08)


def test_another_weight_or_a_moving_flag_between_starts_again() -> None:
    judge = FlagTwice()
    judge.feed(Decimal("1.235"), flag=True, t_mono=0.0)
    assert not judge.feed(Decimal("1.275"), flag=True, t_mono=0.1)
    assert not judge.feed(Decimal("1.235"), flag=True, t_mono=0.2)
    assert judge.feed(Decimal("1.235"), flag=True, t_mono=0.3)
    assert not judge.feed(Decimal("1.235"), flag=False, t_mono=0.4)
    assert not judge.feed(Decimal("1.235"), flag=True, t_mono=0.5)


def test_a_checksummed_flag_is_believed_at_once_and_no_flag_never() -> None:
    judge = settling(StableBy.FLAG, e_at)
    assert judge.feed(Decimal(1), flag=True, t_mono=0.0)
    assert not judge.feed(Decimal(1), None, 0.1)
