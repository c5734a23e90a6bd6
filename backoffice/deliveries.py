"""What goes out: when a report is due, when a try follows a failed one, how a body is signed. Pure.

A receiver checks a body by HMAC-SHA256 over its time stamp, a point and the body, with the secret
that `backoffice hook secret` prints; a stamp far from its own clock it refuses.
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from backoffice.errors import UsageFault

MOST_HOOK_TRIES = 24
"""With the waits below about fifteen hours."""
MOST_MAIL_TRIES = 10
FIRST_WAIT_MS, LONGEST_WAIT_MS = 5_000, 3_600_000
EVERY = ("daily", "weekly", "monthly")
FORMS = ("csv", "xlsx")
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
SIGNATURE, STAMP, DELIVERY = "Steelyard-Signature", "Steelyard-Timestamp", "Steelyard-Delivery"
"""Headers of a webhook."""


@dataclass(frozen=True, slots=True)
class Hook:
    """A program that is told of sales or alerts; times are Unix milliseconds, 0 = not."""

    id: int
    url: str
    wants_sales: bool
    wants_alerts: bool
    made_at: int
    ended_at: int = 0
    sale: int = 0
    alert: int = 0
    tries: int = 0
    next_at: int = 0
    dead_at: int = 0
    why: str = ""

    def is_due(self, now: int) -> bool:
        """May it be told now?"""
        return not self.ended_at and not self.dead_at and self.next_at <= now


@dataclass(frozen=True, slots=True)
class MailSchedule:
    """A report that is mailed; `minute` is of the day by the organisation's clock."""

    id: int
    report: str
    every: str
    minute: int
    form: str
    to: tuple[str, ...]
    person: str
    made_at: int
    ended_at: int = 0
    done_at: int = 0
    tries: int = 0
    next_at: int = 0
    why: str = ""

    def due(self, zone: str, now: int) -> int:
        """The scheduled moment that waits to be dealt with, Unix milliseconds; 0 = none.

        After a time of standstill only the newest one waits: what was missed is caught up once.
        """
        newest = last_moment(self.every, self.minute, zone, now)
        waits = not self.ended_at and newest > max(self.done_at, self.made_at)
        return newest if waits and self.next_at <= now else 0


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes: `[mail]` of office.toml; `security` is starttls, tls or none."""

    host: str
    port: int = 587
    sender: str = ""
    user: str = ""
    password_file: Path | None = None
    security: str = "starttls"


def checked_url(url: str) -> str:
    """The address.

    Raises:
        UsageFault: not https, but to this machine itself; or with a password in it.
    """
    parts = urlsplit(url)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL)
    if not is_safe or not parts.hostname or parts.username or len(url) > 500:
        raise UsageFault("A hook is an https address, without a name or a password in it.")
    return url


def checked_minute(text: str) -> int:
    """Minutes after midnight of 06:00.

    Raises:
        UsageFault: no such time.
    """
    hour, _, minute = text.partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and len(minute) == 2):
        raise UsageFault("{text} is not a time; write 06:00.", text=repr(text[:20]))
    if int(hour) > 23 or int(minute) > 59:
        raise UsageFault("{text} is not a time; write 06:00.", text=repr(text[:20]))
    return int(hour) * 60 + int(minute)


def checked_address(address: str) -> str:
    """The mail address.

    Raises:
        UsageFault: not one.
    """
    name, at, host = address.rpartition("@")
    strange = set(address) & set(' \t\r\n<>,;:"\\()[]')
    if not name or not at or "." not in host or strange or len(address) > 254:
        raise UsageFault("{text} is not a mail address.", text=repr(address[:60]))
    return address


def last_moment(every: str, minute: int, zone: str, now: int) -> int:
    """The newest scheduled moment at or before `now`; both are Unix milliseconds.

    A time that a change of the clock leaves out counts as the moment just after it.
    """
    place = ZoneInfo(zone)
    today = datetime.fromtimestamp(now / 1000, tz=place).date()
    for back in range(62):
        day = today - timedelta(days=back)
        if every == "weekly" and day.weekday() != 0:
            continue
        if every == "monthly" and day.day != 1:
            continue
        local = datetime(
            day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=place
        )  # fmt: skip
        at = int(local.astimezone(UTC).timestamp() * 1000)
        if at <= now:
            return at
    return 0


def days_of(every: str, today: int) -> dict[str, str]:
    """Which days a report is about, in a report's words: yesterday, the last week or month."""
    if every != "weekly":
        return {"period": "yesterday" if every == "daily" else "last-month"}
    day = date(today // 10_000, today // 100 % 100, today % 100)
    first, last = day - timedelta(days=7), day - timedelta(days=1)
    return {"from": first.isoformat(), "to": last.isoformat()}


def wait_ms(tries: int) -> int:
    """How long to wait after so many tries in a row have failed."""
    return int(min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** min(tries - 1, 20)))


def hook_secret(master: bytes, number: int) -> str:
    """The secret of a hook: 64 hex digits, made of the office's master and kept nowhere."""
    return hmac.digest(master, f"steelyard hook {number}".encode(), sha256).hex()


def signature(secret: str, stamp: int, body: bytes) -> str:
    """What stands in the header: `v1=` and hex digits."""
    digest = hmac.digest(secret.encode(), f"{stamp}.".encode() + body, sha256)
    return f"v1={digest.hex()}"
