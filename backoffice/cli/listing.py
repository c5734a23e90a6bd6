"""Rows as a table for people, CSV for spreadsheets or JSON for programs; one form for all lists."""

import csv
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click

from backoffice.cli.desk import Office, give_json
from broker.units import WeightUnit, decimal_text

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One column; `heading` is a msgid, `kind` one of text, number, money, day, quantity."""

    key: str
    heading: str
    kind: str = "text"


def _cell(field: Field, row: Row, exponent: int) -> str:
    value = row.get(field.key)
    if value is None or value == "":
        return ""
    if field.kind == "money":
        return decimal_text(int(value), exponent)
    if field.kind == "day":
        day = int(value)
        return f"{day // 10_000:04d}-{day // 100 % 100:02d}-{day % 100:02d}"
    if field.kind == "quantity":
        unit = WeightUnit(row["unit"])
        return f"{decimal_text(int(value), unit.decimals)} {unit.symbol}"
    return str(value)


def show_rows(
    office: Office, fields: Sequence[Field], rows: Sequence[Row], *, exponent: int = 2,
    as_json: bool = False, as_csv: bool = False,
) -> None:  # fmt: skip
    """Prints rows; in JSON sums are whole minor units and quantities grams or pieces."""
    if as_json:
        give_json(list(rows))
        return
    lines = [[office._(one.heading) for one in fields]]
    lines += [[_cell(one, row, exponent) for one in fields] for row in rows]
    if as_csv:
        sys.stdout.buffer.write(_csv(fields, lines).encode())
    else:
        _table(fields, lines)


def _csv(fields: Sequence[Field], lines: Sequence[Sequence[str]]) -> str:
    from backoffice.reports.render import safe_cell

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for line in lines:
        writer.writerow(
            safe_cell(text) if field.kind == "text" else text
            for field, text in zip(fields, line, strict=True)
        )
    return "\ufeff" + out.getvalue()


def _table(fields: Sequence[Field], lines: Sequence[Sequence[str]]) -> None:
    from backoffice.reports.render import width

    widths = [max(width(line[at]) for line in lines) for at in range(len(fields))]
    for line in lines:
        parts = []
        for field, text, wide in zip(fields, line, widths, strict=True):
            blank = " " * (wide - width(text))
            parts.append(text + blank if field.kind in ("text", "day") else blank + text)
        click.echo("  ".join(parts).rstrip())
