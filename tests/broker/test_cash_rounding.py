"""Cash rounding against the published tables, and its laws."""

from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.cash_rounding import (
    COUNTRIES,
    CashRule,
    Mode,
    correction,
    goodwill,
    rounded,
    rounding_rows,
    rules_of,
)
from broker.sale import Rounding, TenderKind

DECIMAL_MODE = {
    Mode.HALF_UP: ROUND_HALF_UP,
    Mode.HALF_DOWN: ROUND_HALF_DOWN,
    Mode.UP: ROUND_UP,
    Mode.DOWN: ROUND_DOWN,
}
RULES = st.builds(CashRule, st.sampled_from([1, 5, 10, 50, 100]), st.sampled_from(sorted(Mode)))
TOTALS = st.integers(-(10**9), 10**9)


def paid(country: str, total: int, exponent: int = 2, day: int = 20261124) -> int:
    return total + correction(total, TenderKind.CASH, day, rules_of(country, exponent))


# What each final digit (or pair of digits) becomes, as the tables print it.
@pytest.mark.parametrize(
    ("country", "total", "cash"),
    [
        *[("AU", 1000 + d, 1000 + (0 if d < 3 else 5 if d < 8 else 10)) for d in range(10)],
        *[("CA", 1000 + d, 1000 + (0 if d < 3 else 5 if d < 8 else 10)) for d in range(10)],
        *[("NZ", 1000 + d, 1000 + (0 if d < 5 else 10)) for d in range(10)],
        *[("NZ-B", 1000 + d, 1000 + (0 if d < 6 else 10)) for d in range(10)],
        *[("ZA", 1000 + d, 1000 + (0 if d < 5 else 5)) for d in range(10)],
        *[("DK", 1000 + d, 1000 + (0 if d < 25 else 50 if d < 75 else 100)) for d in range(100)],
        ("SE", 1049, 1000),
        ("SE", 1050, 1100),
        ("NO", 1049, 1000),
        ("NO", 1050, 1100),
        ("CH", 1002, 1000),
        ("CH", 1003, 1005),
    ],
)
def test_the_last_digits_become_what_the_published_table_says(
    country: str, total: int, cash: int
) -> None:
    assert paid(country, total) == cash


def test_yen_have_no_decimals_and_go_down() -> None:
    assert (paid("JP-5", 1234, exponent=0), paid("JP-10", 1239, exponent=0)) == (1230, 1230)
    assert rules_of("AU", 0) == []


def test_a_rule_holds_from_its_first_day_to_its_last() -> None:
    assert (paid("SE", 1030, day=20100930), paid("SE", 1030, day=20101001)) == (1050, 1000)


def test_only_cash_is_rounded() -> None:
    rules = rules_of("NZ", 2)
    for tender in set(TenderKind) - {TenderKind.CASH}:
        assert correction(1234, tender, 20261124, rules) == 0


def test_a_country_nobody_knows_and_a_way_of_a_later_version_round_nothing() -> None:
    assert rules_of("XX", 2) == []
    assert rounded(1234, CashRule(10, 99)) == 1234


def test_every_country_has_a_rule_today() -> None:
    for country in COUNTRIES:
        [rule] = [r for r in rules_of(country, 2) if r.first_day <= 20261124 and not r.last_day]
        assert rounded(0, rule) == 0


@given(TOTALS, RULES)
def test_rounding_agrees_with_the_decimal_library(total: int, rule: CashRule) -> None:
    steps = (Decimal(total) / rule.interval).quantize(Decimal(1), DECIMAL_MODE[Mode(rule.mode)])
    assert rounded(total, rule) == int(steps) * rule.interval


@given(TOTALS, RULES)
def test_a_refund_is_the_mirror_and_what_is_rounded_stays(total: int, rule: CashRule) -> None:
    there = rounded(total, rule)
    assert rounded(-total, rule) == -there
    assert rounded(there, rule) == there
    assert abs(there - total) < rule.interval


@given(TOTALS, TOTALS, RULES)
def test_more_to_pay_is_never_less_in_cash(one: int, other: int, rule: CashRule) -> None:
    low, high = sorted((one, other))
    assert rounded(low, rule) <= rounded(high, rule)


@pytest.mark.parametrize(
    ("total", "step", "off"),
    [(1234, 10, -4), (1234, 100, -34), (1230, 10, 0), (1234, 0, 0), (7, 10, 0), (-1234, 10, 0)],
)
def test_goodwill_lets_go_what_is_below_its_step(total: int, step: int, off: int) -> None:
    assert goodwill(total, step) == off


@given(st.integers(0, 10**9), st.sampled_from([1, 10, 100]))
def test_goodwill_is_in_the_customers_favour_and_never_everything(total: int, step: int) -> None:
    off = goodwill(total, step)
    assert -step < off <= 0
    assert total + off > 0 or total == 0


def test_a_correction_of_nothing_makes_no_row() -> None:
    assert rounding_rows(0, 0) == []
    assert rounding_rows(-4, 2) == [Rounding(2, -4), Rounding(1, 2)]
