"""Money, weight and the one rounding, against published figures and exact fractions."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.errors import TooLarge
from broker.units import (
    MAX_MINOR,
    Money,
    PriceBase,
    UnitPrice,
    Weight,
    WeightUnit,
    amount_of,
    decimal_text,
    round_half_away,
)

# Grams of a base, from their definitions; written apart from the table under test.
GRAMS = {
    PriceBase.KG: Fraction(1000),
    PriceBase.G500: Fraction(500),
    PriceBase.G50: Fraction(50),
    PriceBase.G100: Fraction(100),
    PriceBase.LB: Fraction(45359237, 100000),
    PriceBase.QUARTER_LB: Fraction(45359237, 400000),
}
STEP = {
    WeightUnit.GRAM: Fraction(1),
    WeightUnit.TENTH_GRAM: Fraction(1, 10),
    WeightUnit.MILLIGRAM: Fraction(1, 1000),
    WeightUnit.THOUSANDTH_LB: Fraction(45359237, 100000000),
    WeightUnit.HUNDREDTH_LB: Fraction(45359237, 10000000),
}


@pytest.mark.parametrize(
    ("steps", "price", "base", "fen"),
    [
        (1235, 680, PriceBase.KG, 840),
        (1235, 646, PriceBase.KG, 798),
        (7640, 129, PriceBase.LB, 2173),
        (500, 401, PriceBase.KG, 201),
        (1, 1, PriceBase.KG, 0),
        (750, 340, PriceBase.G500, 510),
        (250, 96, PriceBase.G100, 240),
        (75, 333, PriceBase.G50, 500),
        (-500, 401, PriceBase.KG, -201),
    ],
)
def test_the_price_to_pay_is_rounded_once_half_away_from_zero(
    steps: int, price: int, base: PriceBase, fen: int
) -> None:
    assert amount_of(Weight(steps), UnitPrice(price, base)) == Money(fen)


@given(
    st.integers(-(10**7), 10**7),
    st.sampled_from(sorted(STEP)),
    st.integers(0, 10**6),
    st.sampled_from(sorted(GRAMS)),
)
def test_every_unit_and_base_agrees_with_exact_fractions(
    steps: int, unit: WeightUnit, price: int, base: PriceBase
) -> None:
    exact = steps * STEP[unit] * price / GRAMS[base]
    whole = int(abs(exact) + Fraction(1, 2)) * (1 if exact >= 0 else -1)
    assert amount_of(Weight(steps, unit), UnitPrice(price, base)).minor == whole


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_rounding_agrees_with_the_decimal_library(numerator: int, denominator: int) -> None:
    exact = (Decimal(numerator) / Decimal(denominator)).quantize(Decimal(1), ROUND_HALF_UP)
    assert round_half_away(numerator, denominator) == int(exact)


@given(st.integers(-(10**6), 10**6), st.integers(0, 10**6))
def test_a_refund_is_the_exact_mirror_of_its_sale(steps: int, price: int) -> None:
    there = amount_of(Weight(steps), UnitPrice(price))
    assert amount_of(Weight(-steps), UnitPrice(price)) == -there


def test_pieces_are_priced_by_the_piece() -> None:
    three = Weight(3, WeightUnit.PIECE)
    assert amount_of(three, UnitPrice(98, PriceBase.PIECE)) == Money(294)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(1235, 3, "1.235"), (-5, 2, "-0.05"), (0, 3, "0.000"), (7, 0, "7"), (100, 2, "1.00")],
)
def test_whole_numbers_are_written_with_their_decimals(
    value: int, decimals: int, text: str
) -> None:
    assert decimal_text(value, decimals) == text


def test_a_weight_finer_than_the_scales_step_is_refused_not_rounded() -> None:
    assert Weight.from_decimal(Decimal("1.235"), WeightUnit.GRAM) == Weight(1235)
    with pytest.raises(TooLarge):
        Weight.from_decimal(Decimal("1.2355"), WeightUnit.GRAM)


def test_sums_beyond_the_agreement_are_refused() -> None:
    with pytest.raises(TooLarge):
        Money(MAX_MINOR + 1)
    with pytest.raises(TooLarge):
        UnitPrice(-1)
