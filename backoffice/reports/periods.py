"""Business days of a report: words for them, what they are compared with, which sums cover them.

Pure. A day is YYYYMMDD; a month 202611 and a year 2026 stand for whole ones (`backoffice.rollups`).
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

WORDS: Final = ("today", "yesterday", "week", "month", "last-month", "year")
WEEKS_OF_A_YEAR: Final = timedelta(weeks=52)
"""Back to the same weekday."""

NOTHING: Final = (1, 0)
"""A range that holds no period."""


@dataclass(frozen=True, slots=True)
class Period:
    """Business days `first`..`last`, both in it."""

    first: int
    last: int

    @property
    def days(self) -> int:
        """How many."""
        return (date_of(self.last) - date_of(self.first)).days + 1


def date_of(day: int) -> date:
    """YYYYMMDD as a date."""
    return date(day // 10_000, day // 100 % 100, day % 100)


def number_of(day: date) -> int:
    """A date as YYYYMMDD."""
    return day.year * 10_000 + day.month * 100 + day.day


def _month_end(year: int, month: int) -> int:
    return year * 10_000 + month * 100 + monthrange(year, month)[1]


def period_named(word: str, today: int) -> Period | None:
    """The period a word stands for, never beyond today; None for a word that is none."""
    now = date_of(today)
    month_before = date(now.year, now.month, 1) - timedelta(days=1)
    known = {
        "today": (today, today),
        "yesterday": (number_of(now - timedelta(days=1)),) * 2,
        "week": (number_of(now - timedelta(days=now.weekday())), today),
        "month": (today // 100 * 100 + 1, today),
        "last-month": (number_of(month_before) // 100 * 100 + 1, number_of(month_before)),
        "year": (today // 10_000 * 10_000 + 101, today),
    }
    found = known.get(word)
    return Period(*found) if found else None


def _is_month_end(day: int) -> bool:
    return day == _month_end(day // 10_000, day // 100 % 100)


def before(period: Period) -> Period:
    """The period just before: a month's days beside those of the month before, and so on."""
    first, last = date_of(period.first), date_of(period.last)
    if first.day == 1 and first.month == 1 and first.year == last.year and last.month > 1:
        return Period(period.first - 10_000, _last_year(period.last))
    if first.day == 1 and period.first // 100 == period.last // 100:
        end = first - timedelta(days=1)
        day = end.day if _is_month_end(period.last) else min(last.day, end.day)
        return Period(number_of(end.replace(day=1)), number_of(end.replace(day=day)))
    span = timedelta(days=period.days)
    return Period(number_of(first - span), number_of(last - span))


def _last_year(day: int) -> int:
    earlier = day - 10_000
    end = _month_end(earlier // 10_000, earlier // 100 % 100)
    return end if _is_month_end(day) else min(earlier, end)


def year_before(period: Period) -> Period:
    """The same weekdays a year earlier; whole months beside the same months."""
    if period.first % 100 == 1 and _is_month_end(period.last):
        return Period(period.first - 10_000, _last_year(period.last))
    first, last = (date_of(day) - WEEKS_OF_A_YEAR for day in (period.first, period.last))
    return Period(number_of(first), number_of(last))


def spans_of(period: Period) -> dict[str, int]:
    """Ranges of days, months and years that together hold each day of the period once.

    Head and tail are days (`day_1`..`day_2`, `day_3`..`day_4`), whole months lie between; with
    years, whole years replace the months in them (`year_1`, and months before and after).
    """
    head, months, tail = _days_and_months(period)
    early, years, late = _months_and_years(months)
    named = {
        "day": (*head, *tail), "month": months, "early": early, "late": late, "year": years,
    }  # fmt: skip
    return {
        f"{word}_{number}": value
        for word, values in named.items()
        for number, value in enumerate(values, 1)
    }


_Range = tuple[int, int]


def _days_and_months(period: Period) -> tuple[_Range, _Range, _Range]:
    first, last = period.first, period.last
    from_month = first // 100 if first % 100 == 1 else _month_after(first // 100)
    to_month = last // 100 if _is_month_end(last) else _month_before(last // 100)
    if from_month > to_month:
        return (first, last), NOTHING, NOTHING
    head = NOTHING if first == from_month * 100 + 1 else (first, from_month * 100)
    after = _month_after(to_month) * 100 + 1
    tail = NOTHING if after > last else (after, last)
    return head, (from_month, to_month), tail


def _months_and_years(months: _Range) -> tuple[_Range, _Range, _Range]:
    first, last = months
    from_year = first // 100 if first % 100 == 1 else first // 100 + 1
    to_year = last // 100 if last % 100 == 12 else last // 100 - 1
    if months == NOTHING or from_year > to_year:
        return months, NOTHING, NOTHING
    early = NOTHING if first == from_year * 100 + 1 else (first, from_year * 100)
    late = NOTHING if last == to_year * 100 + 12 else (to_year * 100 + 101, last)
    return early, (from_year, to_year), late


def _month_after(month: int) -> int:
    return month + 1 if month % 100 < 12 else month + 89


def _month_before(month: int) -> int:
    return month - 1 if month % 100 > 1 else month - 89
