"""Days of a report: words, what they are compared with, and ranges of sums that cover them."""

from collections import Counter
from datetime import date, timedelta

import pytest

from backoffice.reports.periods import (
    Period,
    before,
    number_of,
    period_named,
    spans_of,
    year_before,
)


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("today", 20260301, 20260301), ("yesterday", 20260228, 20260228),
        ("week", 20260223, 20260301), ("month", 20260301, 20260301),
        ("last-month", 20260201, 20260228), ("year", 20260101, 20260301),
    ],
)  # fmt: skip
def test_words_for_periods_end_today_at_the_latest(word: str, first: int, last: int) -> None:
    assert period_named(word, 20260301) == Period(first, last)
    assert period_named("for ever", 20260301) is None


@pytest.mark.parametrize(
    ("asked", "earlier", "a_year_ago"),
    [
        ((20260310, 20260310), (20260309, 20260309), (20250311, 20250311)),
        ((20260301, 20260331), (20260201, 20260228), (20250301, 20250331)),
        ((20260301, 20260310), (20260201, 20260210), (20250302, 20250311)),
        ((20240301, 20240330), (20240201, 20240229), (20230303, 20230401)),
        ((20240201, 20240229), (20240101, 20240131), (20230201, 20230228)),
        ((20260101, 20261231), (20250101, 20251231), (20250101, 20251231)),
        ((20260101, 20260310), (20250101, 20250310), (20250102, 20250311)),
        ((20260305, 20260311), (20260226, 20260304), (20250306, 20250312)),
    ],
)
def test_a_period_stands_beside_one_like_it(
    asked: tuple[int, int], earlier: tuple[int, int], a_year_ago: tuple[int, int]
) -> None:
    assert before(Period(*asked)) == Period(*earlier)
    assert year_before(Period(*asked)) == Period(*a_year_ago)


def test_spans_hold_each_day_once() -> None:
    first = date(2023, 12, 30)
    days = [number_of(first + timedelta(days=n)) for n in range(800)]
    for begin in range(0, 800, 23):
        for end in range(begin, 800, 31):
            spans = spans_of(Period(days[begin], days[end]))
            for kinds in (("day", "month"), ("day", "early", "year", "late")):
                held: Counter[int] = Counter()
                for word in kinds:
                    for low, high in ((spans[f"{word}_{n}"], spans[f"{word}_{n + 1}"])
                                      for n in ((1, 3) if word == "day" else (1,))):  # fmt: skip
                        for day in days:
                            names = (day, day // 100, day // 10_000)
                            held[day] += any(low <= one <= high for one in names)
                assert {day for day in days if held[day]} == set(days[begin : end + 1])
                assert max(held.values()) == 1
