"""Goods down to a price on a scale without a flag, in the model of the pan."""

import statistics

import pytest

from tests.bench.pan_model import Manner, trials


def test_goods_put_down_by_a_hand_are_priced_within_the_goal() -> None:
    seconds = sorted(one.seconds for one in trials(Manner.HAND, 150) if one is not None)
    assert len(seconds) == 150
    assert statistics.median(seconds) <= 1.2
    assert seconds[142] <= 1.6


@pytest.mark.parametrize("manner", Manner)
def test_no_manner_of_loading_gives_a_wrong_weight(manner: Manner) -> None:
    outcomes = trials(manner, 100)
    assert None not in outcomes
    assert not any(one.is_wrong for one in outcomes if one is not None)
