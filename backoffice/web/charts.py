"""Where the bars of a report's chart stand; the template draws them as SVG, no script, no style.

Pure. Days and months stand side by side with the period before behind them; names lie one under
another, the largest first; hours by weekdays are a table of shades.
"""

from dataclasses import dataclass
from typing import Final

from backoffice.reports.answer import Answer, earlier_keys
from backoffice.reports.render import writing
from backoffice.reports.report import Column, Row, Unit

WIDTH: Final = 720
TALL: Final = 160
BAR: Final = 24
MOST_NAMES: Final = 15
LABELS: Final = 12
HOURS: Final = 24


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


def drawing_of(answer: Answer) -> Drawing | None:
    """The chart of an answer; None where there is nothing to draw."""
    chart = answer.report.chart
    if chart is None or len(answer.rows) < 2:
        return None
    if chart.across:
        return _shades(answer)
    [label] = [one for one in answer.columns if one.key == chart.label]
    return _side_by_side(answer) if label.unit in (Unit.DAY, Unit.MONTH) else _names(answer, label)


def _value(row: Row, key: str) -> int:
    return max(0, row.get(key) or 0)


def _told(answer: Answer, key: str, row: Row) -> str:
    [column] = [one for one in answer.columns if one.key == key]
    return writing(answer, column)(row)


def _side_by_side(answer: Answer) -> Drawing:
    chart = answer.report.chart
    assert chart is not None, "asked before"
    past = earlier_keys(answer.report)[0] if answer.compared_with else ""
    rows = answer.rows
    tallest = max([_value(row, key) for row in rows for key in (chart.value, past) if key] + [1])
    step = WIDTH // len(rows) or 1
    wide = max(1, step * 2 // 3)
    marks, labels = [], []
    every = -(-len(rows) // LABELS)
    for n, row in enumerate(rows):
        name = _told(answer, chart.label, row)
        if past:
            height = _value(row, past) * TALL // tallest
            tells = f"{name}: {_told(answer, past, row)}"
            marks.append(Mark(n * step, TALL - height, wide, height, tells, "past"))
        height = _value(row, chart.value) * TALL // tallest
        tells = f"{name}: {_told(answer, chart.value, row)}"
        marks.append(Mark(n * step + step // 4, TALL - height, wide, height, tells))
        if n % every == 0:
            labels.append(Label(n * step + step // 2, TALL + 16, name[-5:]))
    return Drawing(max(step * len(rows), 1), TALL + 22, tuple(marks), tuple(labels))


def _names(answer: Answer, label: Column) -> Drawing:
    chart = answer.report.chart
    assert chart is not None, "asked before"
    rows = sorted(answer.rows, key=lambda row: _value(row, chart.value), reverse=True)
    rows = rows[:MOST_NAMES]
    longest = max(_value(rows[0], chart.value), 1)
    marks, labels = [], []
    for n, row in enumerate(rows):
        name, amount = _told(answer, label.key, row), _told(answer, chart.value, row)
        long = _value(row, chart.value) * (WIDTH - 260) // longest
        marks.append(Mark(150, n * BAR + 3, long, BAR - 6, f"{name}: {amount}"))
        labels.append(Label(142, n * BAR + 17, name[:18], "end"))
        labels.append(Label(158 + long, n * BAR + 17, amount, "start"))
    return Drawing(WIDTH, len(rows) * BAR + 2, tuple(marks), tuple(labels))


def _shades(answer: Answer) -> Drawing:
    """Weekdays down, hours across; the busiest hour has the full colour."""
    chart = answer.report.chart
    assert chart is not None, "asked before"
    most = max([_value(row, chart.value) for row in answer.rows] + [1])
    downs = list(dict.fromkeys(row[chart.label] for row in answer.rows))
    marks, labels = [], []
    for row in answer.rows:
        shade = _value(row, chart.value) * 100 // most
        tells = f"{row[chart.label]} {row[chart.across]}: {_told(answer, chart.value, row)}"
        x, y = 90 + row["hour"] * 26, downs.index(row[chart.label]) * 26
        marks.append(Mark(x, y, 24, 24, tells, shade=max(shade, 4)))
    labels += [Label(84, n * 26 + 17, str(down), "end") for n, down in enumerate(downs)]
    labels += [Label(102 + hour * 26, len(downs) * 26 + 14, f"{hour:02d}")
               for hour in range(0, HOURS, 2)]  # fmt: skip
    return Drawing(90 + HOURS * 26, len(downs) * 26 + 20, tuple(marks), tuple(labels))
