"""From a question to rows: runs the statement, names the rows, adds up, compares with earlier days.

Every figure is a sum of what stands in the rows shown, so a table always adds up; what is compared
are the same sums of other days, asked by the same statement.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from backoffice.reports.periods import Period, before, date_of, number_of, year_before
from backoffice.reports.question import Question
from backoffice.reports.report import Column, Names, Report, Row, Unit
from backoffice.store import Store
from backoffice.words import N_
from broker.units import round_half_away


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
    columns: tuple[Column, ...]
    zone: str = "UTC"
    compared_with: tuple[Period, Period] | None = None
    """The period before and the same weekdays a year earlier."""
    is_cut: bool = False
    """There are more rows; the total is that of the rows shown."""


def asked(store: Store, report: Report, names: Names, *, first: int, last: int) -> Answer:
    """The answer for all of the office, without comparison."""
    return answered(store, report, names, Question(Period(first, last)))


def answered(
    store: Store, report: Report, names: Names, question: Question, *, compare: bool = False
) -> Answer:
    """The answer to a question; the total row is the sum of the rows shown."""
    rows = _rows(store, report, question)
    columns, periods = report.columns, None
    if compare and report.compared:
        periods = (before(question.period), year_before(question.period))
        earlier = [_rows(store, report, question.over(one)) for one in periods]
        rows = _beside(report, rows, earlier, (question.period, *periods))
        columns = _with_earlier(report)
    rows = [report.derived(report.named(row, names)) for row in rows]
    if report.largest_first:
        rows.sort(key=lambda row: row[report.largest_first], reverse=True)
    total = report.derived(_total(rows, columns, report.also_summed))
    if periods:
        _add_changes(report, rows, total)
    if report.share:
        _add_shares(report.share, rows, total)
    return replace(
        headed(store, report, question), rows=tuple(rows), total=total, columns=columns,
        compared_with=periods, is_cut=report.is_list and len(rows) >= question.most,
    )  # fmt: skip


def headed(store: Store, report: Report, question: Question) -> Answer:
    """An answer without rows: its columns, money and clock, for rows that are streamed."""
    organisation = store.directory.organisation()
    return Answer(
        report=report, first=question.period.first, last=question.period.last,
        rows=(), total={}, columns=report.columns,
        currency=organisation.currency if organisation else "",
        exponent=organisation.exponent if organisation else 2,
        zone=organisation.zone if organisation else "UTC",
    )  # fmt: skip


def streamed(store: Store, report: Report, names: Names, question: Question) -> Iterator[Row]:
    """The rows of a list one by one, for files; nothing is kept in memory."""
    headings, found = store.asked_rows(report.statement, question.values())
    for row in found:
        yield report.derived(report.named(dict(zip(headings, row, strict=True)), names))


def _rows(store: Store, report: Report, question: Question) -> list[Row]:
    headings, found = store.asked_rows(report.statement, question.values())
    return [dict(zip(headings, row, strict=True)) for row in found]


def _total(rows: list[Row], columns: tuple[Column, ...], also: tuple[str, ...]) -> Row:
    keys = [*(column.key for column in columns if column.unit.is_summed), *also]
    return {key: sum(row[key] for row in rows) for key in keys}


def _add_shares(key: str, rows: list[Row], total: Row) -> None:
    whole = total[key]
    for row in (*rows, total):
        row["share"] = round_half_away(row[key] * 1000, whole) if whole > 0 else 0


def _add_changes(report: Report, rows: list[Row], total: Row) -> None:
    for key in earlier_keys(report):
        for row in (*rows, total):
            now, then = row[report.compared], row[key]
            row[f"{key}_change"] = round_half_away((now - then) * 1000, then) if then > 0 else None


def _with_earlier(report: Report) -> tuple[Column, ...]:
    [compared] = [one for one in report.columns if one.key == report.compared]
    before_key, year_key = earlier_keys(report)
    change = N_(
        "Change against the column before, in percent of it; empty where there was nothing."
    )
    place = 1 + max(
        n for n, one in enumerate(report.columns) if one.key in (report.compared, "share")
    )
    return (
        *report.columns[:place],
        Column(before_key, N_("Period before"), compared.unit,
               N_("The same of the period just before: the month before, or as many days.")),
        Column(f"{before_key}_change", N_("Change"), Unit.CHANGE, change),
        Column(year_key, N_("A year ago"), compared.unit,
               N_("The same of the same weekdays a year earlier; whole months beside themselves.")),
        Column(f"{year_key}_change", N_("Change"), Unit.CHANGE, change),
        *report.columns[place:],
    )  # fmt: skip


def earlier_keys(report: Report) -> tuple[str, str]:
    """Keys of the compared column in the period before and a year ago."""
    return f"{report.compared}_before", f"{report.compared}_year_before"


def _beside(
    report: Report, rows: list[Row], earlier: list[list[Row]], periods: tuple[Period, ...]
) -> list[Row]:
    """The rows with what is compared; what was only earlier gets a row of zeros.

    `periods`: the question's own, then one for each of `earlier`.
    """
    own, keys = periods[0], earlier_keys(report)
    found = {_key(report, row, own): {**row, **dict.fromkeys(keys, 0)} for row in rows}
    for key, past, period in zip(keys, earlier, periods[1:], strict=True):
        for row in past:
            where = _key(report, row, period)
            if where not in found:
                found[where] = _empty(report, row, where, own)
            found[where][key] += row[report.compared]
    return list(found.values())


def _key(report: Report, row: Row, period: Period) -> tuple[Any, ...]:
    """What tells a row apart; days and months stand beside those as far into the period."""
    return tuple(
        (date_of(row[key]) - date_of(period.first)).days if key == "day"
        else _months(row[key]) - _months(period.first // 100) if key == "month"
        else row[key]
        for key in report.keys
    )  # fmt: skip


def _months(month: int) -> int:
    return month // 100 * 12 + month % 100 - 1


def _empty(report: Report, row: Row, where: tuple[Any, ...], own: Period) -> Row:
    """A row of zeros for something that there was only earlier."""
    empty = {**row, **dict.fromkeys(earlier_keys(report), 0)}
    for column in report.columns:
        if column.key in empty and column.unit not in (Unit.TEXT, Unit.NUMBER):
            empty[column.key] = 0
    for key, value in zip(report.keys, where, strict=True):
        if key == "day":
            empty[key] = number_of(date_of(own.first) + timedelta(days=value))
        elif key == "month":
            months = _months(own.first // 100) + value
            empty[key] = months // 12 * 100 + months % 12 + 1
        else:
            empty[key] = value
    return empty
