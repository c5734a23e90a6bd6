"""A report's answer as a table for people, CSV for spreadsheets, JSON for programs.

Sums are exact decimal text with their currency in the heading; in JSON they are whole minor units.
CSV begins with a byte order mark, for spreadsheets take Chinese for noise without it, and a text
that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection).
"""

import csv
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from backoffice.reports.answer import Answer
from backoffice.reports.report import Column, Row, Unit
from backoffice.words import Translate
from broker.units import PriceBase, WeightUnit, decimal_text

_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Writing = Callable[[Row], str]


def width(text: str) -> int:
    """Columns that a text takes on a terminal; a Chinese character takes two."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def day_text(day: int) -> str:
    """20261124 -> 2026-11-24."""
    return f"{day // 10_000:04d}-{day // 100 % 100:02d}-{day % 100:02d}"


def quantity_text(steps: int, unit: int) -> str:
    """1235, grams -> 1.235 kg; a unit of a later version is shown as a question."""
    try:
        known = WeightUnit(unit)
    except ValueError:
        return f"{steps} ?"
    return f"{decimal_text(steps, known.decimals)} {known.symbol}"


def base_text(base: int) -> str:
    """What a unit price is the price of: kg, 500g, pc."""
    try:
        return PriceBase(base).symbol
    except ValueError:
        return "?"


def _quantity(row: Row, steps: int) -> str:
    return quantity_text(steps, row["unit"])


def delay_text(milliseconds: int) -> str:
    """3 720 000 -> 1:02 h; under a minute in seconds."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    if minutes < 1:
        return f"{seconds} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02d} h"


def change_text(permille: int) -> str:
    """A change in percent with its sign."""
    return f"{'+' if permille > 0 else ''}{decimal_text(permille, 1)} %"


def bytes_text(count: int) -> str:
    """Bytes as kB or MB with one decimal."""
    if count < 1_000_000:
        return f"{decimal_text((count + 50) // 100, 1)} kB"
    return f"{decimal_text((count + 50_000) // 100_000, 1)} MB"


def moment_text(at_ms: int, zone: ZoneInfo) -> str:
    """Unix milliseconds by the clock of a zone; empty for never."""
    if not at_ms:
        return ""
    moment = datetime.fromtimestamp(at_ms // 1000, tz=UTC).astimezone(zone)
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _text(_row: Row, value: object) -> str:
    return str(value)


def cell(answer: Answer, column: Column, row: Row) -> str:
    """One value as people read it."""
    return writing(answer, column)(row)


def writing(answer: Answer, column: Column) -> Writing:
    """How the values of a column are written."""
    key, exponent, zone = column.key, answer.exponent, ZoneInfo(answer.zone)
    forms: dict[Unit, Callable[[Row, Any], str]] = {
        Unit.MONEY: lambda _row, value: decimal_text(value, exponent),
        Unit.PRICE: lambda _row, value: decimal_text(value, exponent),
        Unit.DAY: lambda _row, value: day_text(value),
        Unit.MONTH: lambda _row, value: f"{value // 100:04d}-{value % 100:02d}",
        Unit.QUANTITY: _quantity,
        Unit.GRAMS: lambda _row, value: f"{decimal_text(value, 3)} kg",
        Unit.SHARE: lambda _row, value: f"{decimal_text(value, 1)} %",
        Unit.CHANGE: lambda _row, value: change_text(value),
        Unit.MOMENT: lambda _row, value: moment_text(value, zone),
        Unit.DELAY: lambda _row, value: delay_text(value),
        Unit.BYTES: lambda _row, value: bytes_text(value),
    }
    form = forms.get(column.unit, _text)

    def written(row: Row) -> str:
        value = row.get(key)
        return "" if value is None else form(row, value)

    return written


def headings(answer: Answer, translate: Translate) -> list[str]:
    """Words above the columns, money with its currency."""
    return [
        f"{translate(column.heading)} ({answer.currency})"
        if column.unit in (Unit.MONEY, Unit.PRICE)
        else translate(column.heading)
        for column in answer.columns
    ]


def _lines(answer: Answer, translate: Translate) -> list[list[str]]:
    ways = [writing(answer, column) for column in answer.columns]
    body = [[way(row) for way in ways] for row in answer.rows]
    total = [way(answer.total) for way in ways]
    total[0] = translate("Total")
    return [*body, total]


def period_text(first: int, last: int) -> str:
    """One day, or two with dots between them."""
    return day_text(first) if first == last else f"{day_text(first)} .. {day_text(last)}"


def table(answer: Answer, translate: Translate) -> str:
    """A table with title, headings and total; a sentence when there is nothing to show."""
    title = f"{translate(answer.report.title)}  {period_text(answer.first, answer.last)}"
    if not answer.rows:
        empty = translate(
            "No sales on these days; choose others with --from and --to, "
            "or see whether the tills have sent theirs: backoffice terminal list"
        )
        return f"{title}\n{empty}"
    heads, lines = headings(answer, translate), _lines(answer, translate)
    widths = [max(map(width, values)) for values in zip(heads, *lines, strict=True)]
    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    shown = [_row(answer, line, widths) for line in lines]
    head = _row(answer, heads, widths)
    whole = [title, head, rule, *shown[:-1], rule, shown[-1]]
    if answer.is_cut:
        whole.append(translate("There are more; this is the total of the rows shown."))
    return "\n".join(whole)


def is_left(answer: Answer, column: Column) -> bool:
    """True for a column that is written from the left: words, days, what names the row."""
    words = (Unit.TEXT, Unit.DAY, Unit.MONTH, Unit.MOMENT)
    return column.unit in words or column is answer.columns[0]


def _row(answer: Answer, values: list[str], widths: list[int]) -> str:
    parts = []
    for value, wide, column in zip(values, widths, answer.columns, strict=True):
        blank = " " * (wide - width(value))
        parts.append(value + blank if is_left(answer, column) else blank + value)
    return "  ".join(parts).rstrip()


def defined(answer: Answer, translate: Translate) -> str:
    """What the columns mean, a line for each."""
    return "\n".join(
        f"{head}: {translate(column.meaning)}"
        for head, column in zip(headings(answer, translate), answer.columns, strict=True)
        if column.meaning
    )


def safe_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


class _Echo:
    """What csv.writer writes to: gives the line back."""

    def write(self, line: str) -> str:
        """The line itself."""
        return line


def csv_lines(answer: Answer, translate: Translate, rows: Iterable[Row]) -> Iterator[str]:
    """Comma separated lines after RFC 4180, with a byte order mark and without a total row."""
    write = csv.writer(_Echo(), lineterminator="\r\n").writerow
    ways = [
        _safe(writing(answer, column)) if column.unit is Unit.TEXT else writing(answer, column)
        for column in answer.columns
    ]
    yield "\ufeff" + str(write(headings(answer, translate)))
    for row in rows:
        yield str(write([way(row) for way in ways]))


def _safe(way: Writing) -> Writing:
    return lambda row: safe_cell(way(row))


def as_csv(answer: Answer, translate: Translate) -> str:
    """All rows of an answer as CSV."""
    return "".join(csv_lines(answer, translate, answer.rows))


def as_json(answer: Answer) -> dict[str, Any]:
    """Rows and total with whole minor units."""
    said: dict[str, Any] = {
        "report": answer.report.name,
        "from": answer.first,
        "to": answer.last,
        "currency": answer.currency,
        "exponent": answer.exponent,
        "rows": list(answer.rows),
        "total": answer.total,
    }
    if answer.compared_with:
        earlier, year = answer.compared_with
        said["before"] = {"from": earlier.first, "to": earlier.last}
        said["year_before"] = {"from": year.first, "to": year.last}
    if answer.is_cut:
        said["cut"] = True
    return said
