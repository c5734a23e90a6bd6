"""What a report is: one statement, columns with units and meanings, and what may narrow it.

The statement stands once, in `store/sql/report_*.sql`; command line, web page and spreadsheet show
what it gives, and the read-only views hold the same rows for other programs.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from backoffice.store import Store
from backoffice.words import N_, Translate

Row = dict[str, Any]


class Unit(Enum):
    """What the numbers of a column count."""

    TEXT = "text"
    NUMBER = "number"
    """A number that names something; never added up."""
    COUNT = "count"
    MONEY = "minor units"
    PRICE = "minor units each"
    """Money that is an average: never added up."""
    DAY = "YYYYMMDD"
    MONTH = "YYYYMM"
    QUANTITY = "steps"
    """Steps of the row's `unit`; only rows of one unit can be added up."""
    GRAMS = "grams"
    SHARE = "permille"
    CHANGE = "permille more or less"
    MOMENT = "Unix milliseconds"
    DELAY = "milliseconds"
    BYTES = "bytes"

    @property
    def is_summed(self) -> bool:
        """True when the total row adds the column up."""
        return self in (Unit.COUNT, Unit.MONEY, Unit.GRAMS, Unit.BYTES)


class Filter(StrEnum):
    """What narrows a report, by the name of its option and of its field in an address."""

    STORE = "store"
    STALL = "stall"
    TERMINAL = "terminal"
    CASHIER = "cashier"
    TENDER = "tender"
    LEVEL = "level"
    CATEGORY = "category"
    PRODUCT = "product"
    MEMBER = "member"


PLACE = (Filter.STORE, Filter.STALL, Filter.TERMINAL)
FILTER_WORDS = {
    Filter.STORE: N_("Store"),
    Filter.STALL: N_("Stall"),
    Filter.TERMINAL: N_("Till"),
    Filter.CASHIER: N_("Cashier"),
    Filter.TENDER: N_("Tender"),
    Filter.LEVEL: N_("Level"),
    Filter.CATEGORY: N_("Category"),
    Filter.PRODUCT: N_("Product"),
    Filter.MEMBER: N_("Member"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `heading` and `meaning` are msgids."""

    key: str
    heading: str
    unit: Unit
    meaning: str = ""
    is_rare: bool = False
    """Folded away on a page until all columns are asked for; files and lists have it."""


@dataclass(frozen=True, slots=True)
class Names:
    """Words for numbers: who sells, the price levels, and the reader's language."""

    cashiers: dict[int, str]
    levels: tuple[str, ...]
    chinese: bool
    _: Translate
    sees_cards: bool = True
    """Numbers of cards are shown whole; otherwise their last four digits."""

    def product(self, row: Row) -> str:
        """Name of a product in the reader's language, out of `name_en` and `name_zh`."""
        first, second = row.get("name_en") or "", row.get("name_zh") or ""
        return (second or first) if self.chinese else (first or second)

    def level(self, number: int) -> str:
        """Name of a price level."""
        return self.levels[number] if number < len(self.levels) else str(number)


Naming = Callable[[Row, Names], Row]
Deriving = Callable[[Row], Row]


def as_it_is(row: Row, _names: Names) -> Row:
    """For reports whose statement names everything itself."""
    return row


def nothing_more(row: Row) -> Row:
    """For reports without averages."""
    return row


@dataclass(frozen=True, slots=True)
class Drill:
    """Where a row leads: another report, narrowed by values of the row ({filter: key})."""

    to: str
    carry: dict[str, str]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of `value` by `label`; `across` makes a table of shades: label down, across sideways."""

    label: str
    value: str
    across: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One question; `statement` is the name of its SQL file, `title` and `answers` msgids."""

    name: str
    title: str
    statement: str
    columns: tuple[Column, ...]
    named: Naming = as_it_is
    answers: str = ""
    keys: tuple[str, ...] = ()
    """Columns that tell rows apart: how a row is found in the period it is compared with."""
    compared: str = ""
    """Column that is compared; empty = none is."""
    derived: Deriving = nothing_more
    """Adds averages to a row and to the total alike."""
    share: str = ""
    """Column whose part of the total is shown as `share`."""
    also_summed: tuple[str, ...] = ()
    """Keys that are no columns and that averages of the total row need."""
    heads: tuple[str, ...] = ()
    """Columns that a page writes together as the first; empty = the first column alone."""
    largest_first: str = ""
    """Rows stand in the order of this column; empty = as the statement gives them."""
    filters: tuple[Filter, ...] = ()
    drill: Drill | None = None
    chart: Chart | None = None
    is_list: bool = False
    """Rows are single records, as many as there are: cut on a page, whole in a file."""
    by_clock: bool = False
    """Its days are those of the clock in UTC or of the office, not business days of sales."""


def names_of(
    store: Store, language: str, translate: Translate, *, sees_cards: bool = True
) -> Names:
    """Names as the office has them now."""
    organisation = store.directory.organisation()
    return Names(
        cashiers={one.number: one.name for one in store.places.cashiers()},
        levels=tuple(json.loads(organisation.levels)) if organisation else (),
        chinese=language.startswith("zh"),
        _=translate,
        sees_cards=sees_cards,
    )
