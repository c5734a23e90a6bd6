"""Today's takings so far, beside the same weekday a week ago up to the same time."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from backoffice.people import Person
from backoffice.store import Store
from backoffice.store.directory import ORG, OrganisationRow
from broker.business_day import business_day

WEEK_MS: Final = 7 * 86_400_000
HALF_HOUR_MS: Final = 1_800_000
HIGHEST: Final = 100
"""Units of the chart's tallest bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour of the chart; heights 0..100 of today and of a week ago, sums in minor units."""

    hour: str
    amount: int
    before: int
    height: int
    height_before: int


@dataclass(frozen=True, slots=True)
class Glance:
    """All that the first page says of takings; sums in minor units."""

    day: int
    day_before: int
    amount: int
    before: int
    """A week ago up to this time of day."""
    sales: int
    stores: tuple[tuple[str, str, int, int], ...]
    """Code, name, sales, amount."""
    tenders: tuple[tuple[int, int, int], ...]
    """Kind, payments, amount."""
    bars: tuple[Bar, ...]


def week_before(day: int) -> int:
    """YYYYMMDD seven days earlier."""
    then = date(day // 10_000, day // 100 % 100, day % 100) - timedelta(days=7)
    return int(then.strftime("%Y%m%d"))


def glance_of(store: Store, person: Person, organisation: OrganisationRow, now: int) -> Glance:
    """Today as this person may see it; `now` is Unix milliseconds."""
    today = business_day(now, organisation.zone, organisation.cutoff_hour)
    _, found = store.report("glance_sales", org=ORG, today=today, before=week_before(today))
    rows = [row for row in found if person.sees(row[0])]
    of_today = [row for row in rows if row[2] == today]
    stores: dict[str, tuple[str, int, int]] = {}
    for code, name, _day, _half, sales, amount in of_today:
        known = stores.get(code, (name, 0, 0))
        stores[code] = (name, known[1] + sales, known[2] + amount)
    past = (now - WEEK_MS) // HALF_HOUR_MS
    return Glance(
        day=today,
        day_before=week_before(today),
        amount=sum(row[5] for row in of_today),
        before=sum(row[5] for row in rows if row[2] != today and row[3] < past),
        sales=sum(row[4] for row in of_today),
        stores=tuple((code, *one) for code, one in stores.items()),
        tenders=_tenders(store, person, today),
        bars=_bars(rows, today, organisation.zone),
    )


def _tenders(store: Store, person: Person, today: int) -> tuple[tuple[int, int, int], ...]:
    payments: Counter[int] = Counter()
    amounts: Counter[int] = Counter()
    for code, kind, count, amount in store.report("glance_tenders", org=ORG, today=today)[1]:
        if person.sees(code):
            payments[kind] += count
            amounts[kind] += amount
    return tuple((kind, payments[kind], amounts[kind]) for kind in sorted(payments))


def _bars(
    rows: list[tuple[str, str, int, int, int, int]], today: int, zone: str
) -> tuple[Bar, ...]:
    """An hour a bar by the store's clock, from the first hour with a sale to the last."""
    now, past = Counter[int](), Counter[int]()
    for _code, _name, day, half, _sales, amount in rows:
        moment = datetime.fromtimestamp(half * HALF_HOUR_MS // 1000, tz=UTC)
        hour = moment.astimezone(ZoneInfo(zone)).hour
        (now if day == today else past)[hour] += amount
    hours = sorted({*now, *past})
    tallest = max([*now.values(), *past.values(), 1])
    return tuple(
        Bar(
            hour=f"{hour:02d}", amount=now[hour], before=past[hour],
            height=max(0, now[hour]) * HIGHEST // tallest,
            height_before=max(0, past[hour]) * HIGHEST // tallest,
        )
        for hour in (range(hours[0], hours[-1] + 1) if hours else ())
    )  # fmt: skip
