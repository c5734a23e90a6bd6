"""Where the bars of a report's chart stand; the template draws them as SVG, no script, no style.

Pure. Days and months stand side by side with the period before behind them; names lie one under
another, the largest first; hours by weekdays are a table of shades.
"""

from dataclasses import dataclass
from typing import Final

from backoffice.reports.answer import Answer, earlier_keys
from backoffice.reports.render import writing
from backoffice.reports.report import Column, Row, Unit


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a chart is drawn on: its units are pixels of the screen it is meant for."""

    width: int
    tall: int
    bar: int
    """Height of a bar that lies."""
    names: int
    """Bars that lie at most."""
    labels: int
    """Words under standing bars at most."""
    left: int
    """Room for names, and for sums at the right."""
    right: int
    days: int
    """Standing bars at most; the newest are shown."""


WIDE: Final = Sheet(960, 180, 24, 15, 16, 170, 110, 400)
PHONE: Final = Sheet(366, 150, 28, 8, 4, 110, 90, 31)


@dataclass(frozen=True, slots=True)
class Mark:
    """A rectangle with what it tells; `shade` is 0..100 of the full colour."""

    x: int
    y: int
    width: int
    height: int
    tells: str
    kind: str = "bar"
    shade: int = 100


@dataclass(frozen=True, slots=True)
class Label:
    """A word beside the marks; `side` is where it begins from: start, middle, end."""

    x: int
    y: int
    text: str
    side: str = "middle"


@dataclass(frozen=True, slots=True)
class Drawing:
    """All of a chart, in its own units."""

    width: int
    height: int
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]


def drawing_of(answer: Answer, sheet: Sheet = WIDE) -> Drawing | None:
    """The chart of an answer; None where there is nothing to draw."""
    chart = answer.report.chart
    if chart is None or len(answer.rows) < 2:
        return None
    if chart.across:
        return _shades(answer, sheet)
    [label] = [one for one in answer.columns if one.key == chart.label]
    stand = label.unit in (Unit.DAY, Unit.MONTH)
    return _side_by_side(answer, sheet) if stand else _names(answer, label, sheet)


def _value(row: Row, key: str) -> int:
    return max(0, row.get(key) or 0)


def _told(answer: Answer, key: str, row: Row) -> str:
    [column] = [one for one in answer.columns if one.key == key]
    return writing(answer, column)(row)


def _side_by_side(answer: Answer, sheet: Sheet) -> Drawing:
    chart = answer.report.chart
    assert chart is not None, "asked before"
    past = earlier_keys(answer.report)[0] if answer.compared_with else ""
    past = past if past and answer.total[past] else ""
    rows = answer.rows[-sheet.days :]
    tallest = max([_value(row, key) for row in rows for key in (chart.value, past) if key] + [1])
    step = sheet.width // len(rows) or 1
    wide = max(1, step * 2 // 3)
    marks, labels = [], []
    every = -(-len(rows) // sheet.labels)
    for n, row in enumerate(rows):
        name = _told(answer, chart.label, row)
        if past:
            height = _value(row, past) * sheet.tall // tallest
            tells = f"{name}: {_told(answer, past, row)}"
            marks.append(Mark(n * step, sheet.tall - height, wide, height, tells, "past"))
        height = _value(row, chart.value) * sheet.tall // tallest
        tells = f"{name}: {_told(answer, chart.value, row)}"
        marks.append(Mark(n * step + step // 4, sheet.tall - height, wide, height, tells))
        if n % every == 0:
            x = min(max(n * step + step // 2, 22), step * len(rows) - 22)
            labels.append(Label(x, sheet.tall + 16, name[-5:]))
    return Drawing(max(step * len(rows), 1), sheet.tall + 22, tuple(marks), tuple(labels))


def _names(answer: Answer, label: Column, sheet: Sheet) -> Drawing:
    chart = answer.report.chart
    assert chart is not None, "asked before"
    rows = sorted(answer.rows, key=lambda row: _value(row, chart.value), reverse=True)
    rows, bar, left = rows[: sheet.names], sheet.bar, sheet.left
    longest = max(_value(rows[0], chart.value), 1)
    marks, labels = [], []
    for n, row in enumerate(rows):
        name, amount = _told(answer, label.key, row), _told(answer, chart.value, row)
        long = _value(row, chart.value) * (sheet.width - left - sheet.right) // longest
        marks.append(Mark(left, n * bar + 3, long, bar - 6, f"{name}: {amount}"))
        labels.append(Label(left - 8, n * bar + 17, name[: left // 9], "end"))
        labels.append(Label(left + 8 + long, n * bar + 17, amount, "start"))
    return Drawing(sheet.width, len(rows) * bar + 2, tuple(marks), tuple(labels))


def _shades(answer: Answer, sheet: Sheet) -> Drawing:
    """Weekdays down, hours across; the busiest hour has the full colour."""
    chart = answer.report.chart
    assert chart is not None, "asked before"
    most = max([_value(row, chart.value) for row in answer.rows] + [1])
    downs = list(dict.fromkeys(row[chart.label] for row in answer.rows))
    hours = sorted({row["hour"] for row in answer.rows})
    left = 86
    step = min(40, (sheet.width - left) // (hours[-1] - hours[0] + 1))
    marks, labels = [], []
    for row in answer.rows:
        shade = _value(row, chart.value) * 100 // most
        tells = f"{row[chart.label]} {row[chart.across]}: {_told(answer, chart.value, row)}"
        x, y = left + (row["hour"] - hours[0]) * step, downs.index(row[chart.label]) * 26
        marks.append(Mark(x, y, step - 2, 24, tells, shade=max(shade, 4)))
    labels += [Label(left - 6, n * 26 + 17, str(down)[:9], "end") for n, down in enumerate(downs)]
    labels += [
        Label(left + (hour - hours[0]) * step + step // 2, len(downs) * 26 + 14, f"{hour:02d}")
        for hour in range(hours[0], hours[-1] + 1, 1 if step > 20 else 3)
    ]
    width = left + (hours[-1] - hours[0] + 1) * step
    return Drawing(width, len(downs) * 26 + 20, tuple(marks), tuple(labels))
