"""What a report is: a statement, columns with units, and names added to bare numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from backoffice.store import Store
from backoffice.store.directory import ORG
from backoffice.words import Translate
from broker.codec import decode_prices
from broker.pricelist import Cashier, Product

Row = dict[str, Any]


class Unit(Enum):
    """What the numbers of a column count."""

    TEXT = "text"
    NUMBER = "number"
    """A number that names something; never added up."""
    COUNT = "count"
    MONEY = "minor units"
    DAY = "YYYYMMDD"
    QUANTITY = "steps"
    """Steps of the row's `unit`; only rows of one unit can be added up."""

    @property
    def is_summed(self) -> bool:
        """True when the total row adds the column up."""
        return self in (Unit.COUNT, Unit.MONEY)


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `heading` is a msgid."""

    key: str
    heading: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class Names:
    """Words for numbers: products and cashiers of the list in force, and the language."""

    products: dict[int, Product]
    cashiers: dict[int, Cashier]
    chinese: bool
    _: Translate


Naming = Callable[[Row, Names], Row]


def as_it_is(row: Row, _names: Names) -> Row:
    """For reports whose statement names everything itself."""
    return row


@dataclass(frozen=True, slots=True)
class Report:
    """One question; `statement` is the name of its SQL file, `title` a msgid."""

    name: str
    title: str
    statement: str
    columns: tuple[Column, ...]
    named: Naming = as_it_is


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of a report for business days `first`..`last`, and their total."""

    report: Report
    first: int
    last: int
    currency: str
    exponent: int
    rows: tuple[Row, ...]
    total: Row


def names_of(store: Store, language: str, translate: Translate) -> Names:
    """Names out of the price list in force."""
    organisation = store.directory.organisation()
    content = store.directory.list_content(organisation.list_version) if organisation else None
    prices = decode_prices(content) if content else None
    return Names(
        products={p.plu: p for p in prices.products} if prices else {},
        cashiers={c.number: c for c in prices.cashiers} if prices else {},
        chinese=language.startswith("zh"),
        _=translate,
    )


def asked(store: Store, report: Report, names: Names, *, first: int, last: int) -> Answer:
    """The answer to a report's question; the total row is the sum of the rows shown."""
    headings, found = store.report(report.statement, org=ORG, first=first, last=last)
    rows = tuple(report.named(dict(zip(headings, row, strict=True)), names) for row in found)
    total = {
        column.key: sum(row[column.key] for row in rows)
        for column in report.columns
        if column.unit.is_summed
    }
    organisation = store.directory.organisation()
    return Answer(
        report=report, first=first, last=last, rows=rows, total=total,
        currency=organisation.currency if organisation else "",
        exponent=organisation.exponent if organisation else 2,
    )  # fmt: skip
