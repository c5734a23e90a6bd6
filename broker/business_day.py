"""The business day a moment belongs to: the store's zone and its cut-off hour.

A sale at 02:30 in a store whose day ends at 04:00 belongs to the day before. Set once at the sale,
never recomputed by a report (decision 12).
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def business_day(at_ms: int, zone: str, cutoff_hour: int) -> int:
    """YYYYMMDD of the business day for Unix milliseconds `at_ms` in IANA `zone`."""
    local = datetime.fromtimestamp(at_ms // 1000, tz=UTC).astimezone(ZoneInfo(zone))
    day = local.date() - timedelta(days=1 if local.hour < cutoff_hour else 0)
    return day.year * 10_000 + day.month * 100 + day.day


def utc_day(at_ms: int) -> int:
    """YYYYMMDD of Unix milliseconds in UTC."""
    day = datetime.fromtimestamp(at_ms // 1000, tz=UTC)
    return day.year * 10_000 + day.month * 100 + day.day


def local_hour(at_ms: int, zone: str) -> int:
    """Hour 0..23 that a clock in IANA `zone` shows at Unix milliseconds."""
    return datetime.fromtimestamp(at_ms // 1000, tz=UTC).astimezone(ZoneInfo(zone)).hour
