"""The business day a moment belongs to: the store's zone and its cut-off hour.

A sale at 02:30 in a store whose day ends at 04:00 belongs to the day before. Set once at the sale,
never recomputed by a report (decision 12).

A till asks at every tick and a report for every row: what was found for a minute is remembered.
Clocks change and days end on whole minutes everywhere.
"""

import functools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE_MS, DAY_MS = 60_000, 86_400_000
REMEMBERED = 4096
"""Minutes, or days; some hundred kilobytes."""


def business_day(at_ms: int, zone: str, cutoff_hour: int) -> int:
    """YYYYMMDD of the business day for Unix milliseconds `at_ms` in IANA `zone`."""
    return _day_of_minute(at_ms // MINUTE_MS, zone, cutoff_hour)


@functools.lru_cache(REMEMBERED)
def _day_of_minute(minute: int, zone: str, cutoff_hour: int) -> int:
    local = _local(minute, zone)
    return _number(local.date() - timedelta(days=1 if local.hour < cutoff_hour else 0))


def _local(minute: int, zone: str) -> datetime:
    return datetime.fromtimestamp(minute * 60, tz=UTC).astimezone(ZoneInfo(zone))


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def utc_day(at_ms: int) -> int:
    """YYYYMMDD of Unix milliseconds in UTC."""
    return _utc_day_of(at_ms // DAY_MS)


@functools.lru_cache(REMEMBERED)
def _utc_day_of(number: int) -> int:
    return _number(datetime.fromtimestamp(number * (DAY_MS // 1000), tz=UTC).date())


def local_hour(at_ms: int, zone: str) -> int:
    """Hour 0..23 that a clock in IANA `zone` shows at Unix milliseconds."""
    return _hour_of_minute(at_ms // MINUTE_MS, zone)


@functools.lru_cache(REMEMBERED)
def _hour_of_minute(minute: int, zone: str) -> int:
    return _local(minute, zone).hour
