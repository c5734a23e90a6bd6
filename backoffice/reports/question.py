"""What is asked of a report: which days, narrowed to what, and whose rows the asker may see.

Command line and web page make their question here, by the same function and from the same words,
so a person tied to a store sees that store's rows on both and nobody else's on either.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from backoffice.errors import UsageFault
from backoffice.people import Person
from backoffice.reports.periods import (
    WORDS,
    Period,
    date_of,
    number_of,
    period_named,
    spans_of,
)
from backoffice.reports.report import FILTER_WORDS, Filter, Report
from backoffice.store import Store
from backoffice.store.directory import ORG
from backoffice.store.statements import Value
from broker.sale import TenderKind

FIRST_DAY: Final = 20000101
LAST_DAY: Final = 20991231
DAY_MS: Final = 86_400_000
NEVER: Final = Period(19000102, 19000102)
EVERYTHING: Final = 100_000_000
TENDER_NAMES: Final = {
    "cash": TenderKind.CASH,
    "stored-value": TenderKind.STORED_VALUE,
    "city-card": TenderKind.CITY_CARD,
    "qr": TenderKind.QR,
}


@dataclass(frozen=True, slots=True)
class Question:
    """Days and what narrows them; `stores` None = all, empty = none; -1 or "" = not narrowed."""

    period: Period
    stores: tuple[str, ...] | None = None
    stall: int = -1
    terminal: int = -1
    cashier: int = -1
    tender: int = -1
    level: int = -1
    product: int = -1
    member: int = -1
    category: str | None = None
    clock: tuple[int, int] = (0, 0)
    """Unix milliseconds from and before which records by the clock are asked."""
    most: int = EVERYTHING
    """Rows of a list at most."""

    def over(self, period: Period) -> "Question":
        """The same of other days."""
        shift = (date_of(period.first) - date_of(self.period.first)).days * DAY_MS
        since = self.clock[0] + shift
        return replace(self, period=period, clock=(since, since + period.days * DAY_MS))

    def values(self) -> dict[str, Value]:
        """Values of the names in a report's statement."""
        past = Period(FIRST_DAY, number_of(date_of(self.period.first) - timedelta(days=1)))
        spans = spans_of(past) if past.first <= past.last else spans_of(NEVER)
        since, until = self.clock
        stores = "" if self.stores is None else f",{','.join(self.stores)},"
        return {
            "org": ORG, "first": self.period.first, "last": self.period.last,
            **spans_of(self.period), **{f"past_{name}": one for name, one in spans.items()},
            "since": since, "until": until, "stores": stores, "stall": self.stall,
            "terminal": self.terminal, "cashier": self.cashier, "tender": self.tender,
            "level": self.level, "product": self.product, "member": self.member,
            "category": "*" if self.category is None else self.category, "most": self.most,
        }  # fmt: skip


def day_of(text: str) -> int:
    """YYYYMMDD of a day given as 20261124 or 2026-11-24.

    Raises:
        UsageFault: no such day.
    """
    digits = text.replace("-", "")
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        raise _no_day(text) from None
    if len(digits) != 8 or not digits.isascii() or not FIRST_DAY <= int(digits) <= LAST_DAY:
        raise _no_day(text)
    return int(digits)


def _no_day(text: str) -> UsageFault:
    return UsageFault("{text} is not a day; write 20261124 or 2026-11-24.", text=repr(text[:40]))


def period_of(said: Mapping[str, str], today: int) -> Period:
    """The days of `from`, `to` or `period`; today when none is given.

    Raises:
        UsageFault: no such day or word, or the first is after the last.
    """
    word, first, last = (said.get(name, "") for name in ("period", "from", "to"))
    if first or last:
        begin = day_of(first) if first else FIRST_DAY
        end = day_of(last) if last else max(today, begin)
        if begin > end:
            raise UsageFault("--from {begin} is after --to {end}.", begin=begin, end=end)
        return Period(begin, end)
    named = period_named(word or "today", today)
    if named is None:
        known = " ".join(WORDS)
        raise UsageFault("A period is one of {known}.", known=known)
    return named


def question_of(
    store: Store, report: Report, said: Mapping[str, str], *, person: Person | None, today: int
) -> Question:
    """The question that a person asks with these words; None asks for the whole office.

    Raises:
        UsageFault: a word that makes no sense, a place that is not there or not for these eyes.
    """
    for name in Filter:
        if said.get(name) and name not in report.filters:
            raise UsageFault("This report cannot be narrowed by {name}.", name=str(name))
    seen = person.stores if person and person.stores else None
    period = period_of(said, today)
    asked = Question(period, stores=seen, clock=_clock(store, period))
    if said.get(Filter.STORE):
        asked = replace(asked, stores=(_store(store, said[Filter.STORE], seen),))
    if said.get(Filter.STALL):
        asked = replace(asked, stall=_stall(store, said[Filter.STALL], asked.stores))
    if said.get(Filter.TERMINAL):
        asked = replace(asked, terminal=_terminal(store, said[Filter.TERMINAL], asked.stores))
    if said.get(Filter.TENDER):
        asked = replace(asked, tender=_tender(said[Filter.TENDER]))
    category = said.get(Filter.CATEGORY)
    return replace(
        asked,
        cashier=_number(said, Filter.CASHIER), level=_number(said, Filter.LEVEL),
        product=_number(said, Filter.PRODUCT), member=_number(said, Filter.MEMBER),
        category=None if not category else "" if category == "-" else category,
    )  # fmt: skip


def _clock(store: Store, period: Period) -> tuple[int, int]:
    """The moments between which the office's own business days lie."""
    organisation = store.directory.organisation()
    zone = ZoneInfo(organisation.zone if organisation else "UTC")
    hour = organisation.cutoff_hour if organisation else 0
    ends = (date_of(period.first), date_of(period.last) + timedelta(days=1))
    since, until = (
        int(datetime(one.year, one.month, one.day, hour, tzinfo=zone).astimezone(UTC).timestamp())
        for one in ends
    )
    return since * 1000, until * 1000


def _number(said: Mapping[str, str], name: Filter) -> int:
    text = said.get(name, "")
    if not text:
        return -1
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        word = FILTER_WORDS[name]
        raise UsageFault("{name} is a number; {text} is none.", name=word, text=repr(text[:40]))
    return int(text)


def _store(store: Store, code: str, seen: tuple[str, ...] | None) -> str:
    known = {row[1] for row in store.directory.stores()}
    if code not in known or (seen is not None and code not in seen):
        raise UsageFault("There is no store {store} that you may see.", store=repr(code[:40]))
    return code


def _stall(store: Store, said: str, stores: tuple[str, ...] | None) -> int:
    for one in store.places.stalls():
        if said in (one.code, one.name) and (stores is None or one.store_code in stores):
            return one.id
    raise UsageFault("There is no stall {stall} that you may see.", stall=repr(said[:40]))


def _terminal(store: Store, code: str, stores: tuple[str, ...] | None) -> int:
    known = store.directory.terminal(code[:40])
    if known is None or (stores is not None and known.store_code not in stores):
        raise UsageFault("There is no till {till} that you may see.", till=repr(code[:40]))
    return known.id


def _tender(said: str) -> int:
    if said in TENDER_NAMES:
        return TENDER_NAMES[said]
    if said.isascii() and said.isdecimal() and len(said) < 4:
        return int(said)
    known = " ".join(TENDER_NAMES)
    raise UsageFault("A tender is one of {known}.", known=known)
