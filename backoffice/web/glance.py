"""Today's takings so far, beside the same weekday a week ago up to the same time."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from backoffice.people import Person
from backoffice.store import Store
from backoffice.store.directory import ORG, OrganisationRow
from backoffice.store.statements import Row
from broker.business_day import business_day
from broker.units import round_half_away

WEEK_MS: Final = 7 * 86_400_000
HALF_HOUR_MS: Final = 1_800_000
HIGHEST: Final = 100
"""Units of the chart's height."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour of the chart; heights 0..100 of today and of a week ago, sums in minor units."""

    hour: str
    amount: int
    before: int
    height: int
    height_before: int


@dataclass(frozen=True, slots=True)
class Takings:
    """Sales and what they came to, in minor units."""

    sales: int
    amount: int

    @property
    def average(self) -> int:
        """Of a sale; 0 without any."""
        return round_half_away(self.amount, self.sales) if self.sales else 0


@dataclass(frozen=True, slots=True)
class Glance:
    """All that the first page says of takings; sums in minor units."""

    day: int
    day_before: int
    now: Takings
    before: Takings
    """A week ago up to this time of day."""
    stores: tuple[tuple[str, str, Takings, Takings], ...]
    """Code, name, today, a week ago by now."""
    tenders: tuple[tuple[int, Takings, Takings], ...]
    """Kind; payments and sums today, and a week ago by now."""
    bars: tuple[Bar, ...]
    top: int
    """What the chart's full height stands for."""


def week_before(day: int) -> int:
    """YYYYMMDD seven days earlier."""
    then = date(day // 10_000, day // 100 % 100, day % 100) - timedelta(days=7)
    return int(then.strftime("%Y%m%d"))


def per_mille(now: int, before: int) -> int | None:
    """By how many thousandths `now` is above `before`; None when there is nothing to compare."""
    return round_half_away((now - before) * 1000, before) if before > 0 else None


def glance_of(store: Store, person: Person, organisation: OrganisationRow, now: int) -> Glance:
    """Today as this person may see it; `now` is Unix milliseconds."""
    today = business_day(now, organisation.zone, organisation.cutoff_hour)
    days = {"today": today, "before": week_before(today)}
    past = (now - WEEK_MS) // HALF_HOUR_MS
    sales = [row for row in store.report("glance_sales", org=ORG, **days)[1] if person.sees(row[0])]
    paid = [
        row for row in store.report("glance_tenders", org=ORG, **days)[1] if person.sees(row[0])
    ]
    names = {row[0]: row[1] for row in sales}
    by_store = _compared([(row[0], *row[2:]) for row in sales], today, past)
    by_tender = _compared([row[1:] for row in paid], today, past)
    bars, top = _bars(sales, today, organisation.zone)
    return Glance(
        day=today,
        day_before=days["before"],
        now=_sum([now for now, _ in by_store.values()]),
        before=_sum([before for _, before in by_store.values()]),
        stores=tuple((code, names[code], *by_store[code]) for code in sorted(by_store)),
        tenders=tuple((kind, *by_tender[kind]) for kind in sorted(by_tender)),
        bars=bars,
        top=top,
    )


def _sum(parts: list[Takings]) -> Takings:
    return Takings(sum(one.sales for one in parts), sum(one.amount for one in parts))


def _compared(rows: list[Row], today: int, past: int) -> dict[Any, tuple[Takings, Takings]]:
    """By what stands first in a row: today, and a week ago before half hour `past`.

    After it stand day, half hour, number and sum.
    """
    now: dict[Any, list[Takings]] = {}
    before: dict[Any, list[Takings]] = {}
    for what, day, half, count, amount in rows:
        now.setdefault(what, [])
        if day == today:
            now[what].append(Takings(count, amount))
        elif half < past:
            before.setdefault(what, []).append(Takings(count, amount))
    return {what: (_sum(parts), _sum(before.get(what, []))) for what, parts in now.items()}


def _bars(rows: list[Row], today: int, zone: str) -> tuple[tuple[Bar, ...], int]:
    """An hour a bar by the store's clock, from the first hour with a sale to the last."""
    now, past = Counter[int](), Counter[int]()
    for _code, _name, day, half, _sales, amount in rows:
        moment = datetime.fromtimestamp(half * HALF_HOUR_MS // 1000, tz=UTC)
        hour = moment.astimezone(ZoneInfo(zone)).hour
        (now if day == today else past)[hour] += amount
    hours = sorted({*now, *past})
    top = round_top(max([*now.values(), *past.values(), 1]))
    return tuple(
        Bar(
            hour=f"{hour:02d}", amount=now[hour], before=past[hour],
            height=max(0, now[hour]) * HIGHEST // top,
            height_before=max(0, past[hour]) * HIGHEST // top,
        )
        for hour in (range(hours[0], hours[-1] + 1) if hours else ())
    ), top  # fmt: skip


def round_top(tallest: int) -> int:
    """The smallest of 1, 2, 4, 5, 8, 10 times a power of ten that is not below `tallest`."""
    power = int("1".ljust(len(str(tallest)), "0"))
    return next(step * power for step in (1, 2, 4, 5, 8, 10) if step * power >= tallest)
