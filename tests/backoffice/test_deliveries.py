"""When a report is due, which days it is about, and what is no time and no address."""

from datetime import UTC, datetime

import pytest

from backoffice.deliveries import checked_address, checked_minute, days_of, last_moment
from backoffice.errors import UsageFault


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("every", "zone", "now", "moment"),
    [("daily", "Asia/Shanghai", "2026-11-24T05:20", "2026-11-23T22:00"),
     ("daily", "Asia/Shanghai", "2026-11-23T22:00", "2026-11-23T22:00"),
     ("daily", "Asia/Shanghai", "2026-11-23T21:59", "2026-11-22T22:00"),
     ("weekly", "Asia/Shanghai", "2026-11-24T05:20", "2026-11-22T22:00"),
     ("monthly", "Asia/Shanghai", "2026-11-24T05:20", "2026-10-31T22:00"),
     ("daily", "Europe/Berlin", "2026-10-25T12:00", "2026-10-25T05:00"),
     ("daily", "Europe/Berlin", "2026-10-24T12:00", "2026-10-24T04:00")],
)  # fmt: skip
def test_the_newest_scheduled_moment(every: str, zone: str, now: str, moment: str) -> None:
    assert last_moment(every, 360, zone, at(now)) == at(moment)


def test_days_of_a_report() -> None:
    assert days_of("daily", 20261124) == {"period": "yesterday"}
    assert days_of("weekly", 20261201) == {"from": "2026-11-24", "to": "2026-11-30"}
    assert days_of("monthly", 20261101) == {"period": "last-month"}


@pytest.mark.parametrize("text", ["6", "24:00", "06:60", "6:5", "x:00", "06:00:00", ""])
def test_a_time_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageFault):
        checked_minute(text)


@pytest.mark.parametrize(
    "text", ["", "boss", "boss@", "@example.org", "a b@example.org", "a@b", "a@b.c\r\nBcc: x@y.z"]
)
def test_an_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageFault):
        checked_address(text)
