"""A report's answer as a table for people, CSV for spreadsheets, JSON for programs.

Sums are exact decimal text with their currency in the heading; in JSON they are whole minor units.
CSV begins with a byte order mark, for spreadsheets take Chinese for noise without it, and a text
that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection).
"""

import csv
import io
import unicodedata
from typing import Any

from backoffice.reports.report import Answer, Column, Row, Unit
from backoffice.words import Translate
from broker.units import WeightUnit, decimal_text

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def width(text: str) -> int:
    """Columns that a text takes on a terminal; a Chinese character takes two."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def day_text(day: int) -> str:
    """20261124 -> 2026-11-24."""
    return f"{day // 10_000:04d}-{day // 100 % 100:02d}-{day % 100:02d}"


def _quantity(row: Row, steps: int) -> str:
    try:
        unit = WeightUnit(row["unit"])
    except ValueError:
        return f"{steps} ?"
    return f"{decimal_text(steps, unit.decimals)} {unit.symbol}"


def cell(answer: Answer, column: Column, row: Row) -> str:
    """One value as people read it."""
    value = row.get(column.key)
    if value is None:
        return ""
    if column.unit is Unit.MONEY:
        return decimal_text(value, answer.exponent)
    if column.unit is Unit.DAY:
        return day_text(value)
    if column.unit is Unit.QUANTITY:
        return _quantity(row, value)
    return str(value)


def _headings(answer: Answer, translate: Translate) -> list[str]:
    return [
        f"{translate(column.heading)} ({answer.currency})"
        if column.unit is Unit.MONEY
        else translate(column.heading)
        for column in answer.report.columns
    ]


def _lines(answer: Answer, translate: Translate) -> list[list[str]]:
    columns = answer.report.columns
    body = [[cell(answer, column, row) for column in columns] for row in answer.rows]
    total = [cell(answer, column, answer.total) for column in columns]
    total[0] = translate("Total")
    return [*body, total]


def table(answer: Answer, translate: Translate) -> str:
    """A table with title, headings and total; a sentence when there is nothing to show."""
    title = translate(answer.report.title)
    period = day_text(answer.first)
    if answer.last != answer.first:
        period += f" .. {day_text(answer.last)}"
    if not answer.rows:
        empty = translate(
            "No sales on these days; choose others with --from and --to, "
            "or see whether the tills have sent theirs: backoffice terminal list"
        )
        return f"{title}  {period}\n{empty}"
    headings, lines = _headings(answer, translate), _lines(answer, translate)
    widths = [max(map(width, values)) for values in zip(headings, *lines, strict=True)]
    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    shown = [_row(answer, line, widths) for line in lines]
    head = _row(answer, headings, widths)
    return "\n".join([f"{title}  {period}", head, rule, *shown[:-1], rule, shown[-1]])


def _row(answer: Answer, values: list[str], widths: list[int]) -> str:
    parts = []
    for value, wide, column in zip(values, widths, answer.report.columns, strict=True):
        blank = " " * (wide - width(value))
        left = column.unit in (Unit.TEXT, Unit.DAY) or column is answer.report.columns[0]
        parts.append(value + blank if left else blank + value)
    return "  ".join(parts).rstrip()


def safe_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_csv(answer: Answer, translate: Translate) -> str:
    """Comma separated values after RFC 4180, with a byte order mark and without a total row."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_headings(answer, translate))
    for row in answer.rows:
        writer.writerow(
            [
                safe_cell(cell(answer, column, row))
                if column.unit is Unit.TEXT
                else cell(answer, column, row)
                for column in answer.report.columns
            ]
        )
    return "\ufeff" + out.getvalue()


def as_json(answer: Answer) -> dict[str, Any]:
    """Rows and total with whole minor units."""
    return {
        "report": answer.report.name,
        "from": answer.first,
        "to": answer.last,
        "currency": answer.currency,
        "exponent": answer.exponent,
        "rows": list(answer.rows),
        "total": answer.total,
    }
