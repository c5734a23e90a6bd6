"""Door: xlsxwriter. A report as a workbook: numbers as numbers, texts never as formulas.

Rows are written as they come and not kept, so a workbook of a million rows takes no memory.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any

import xlsxwriter  # type: ignore[import-untyped]

from backoffice.reports.answer import Answer
from backoffice.reports.render import headings, period_text, writing
from backoffice.reports.report import Column, Row, Unit
from backoffice.words import Translate

MOST_ROWS = 1_048_570
"""Excel's sheet ends after 1,048,576 rows."""
TELL_EVERY = 1000

Told = Callable[[int], None]
_Way = Callable[[int, int, Row], None]


def write_xlsx(
    out: Path | IO[bytes], answer: Answer, translate: Translate, *,
    rows: Iterable[Row], told: Told = lambda _done: None,
) -> int:  # fmt: skip
    """Writes a workbook and gives back how many rows it holds.

    Args:
        out: where it goes, a path or an open file.
        answer: its report, columns and total.
        translate: words in the reader's language.
        rows: what to write, one by one.
        told: told how many rows are written, now and then; may raise to stop.
    """
    # Texts stay texts: no formulas, links or numbers are made of what a name may hold.
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    options = {"constant_memory": True, "in_memory": False, **plain}
    with xlsxwriter.Workbook(str(out) if isinstance(out, Path) else out, options) as book:
        sheet = book.add_worksheet()
        styles = _Styles(book, answer.exponent)
        title = f"{translate(answer.report.title)}  {period_text(answer.first, answer.last)}"
        sheet.set_column(0, len(answer.columns), 14)
        sheet.freeze_panes(2, 1)
        sheet.write_string(0, 0, title, styles.bold)
        for n, text in enumerate(headings(answer, translate)):
            sheet.write_string(1, n, text, styles.bold)
        ways = [_way(sheet, styles, answer, column) for column in answer.columns]
        line = 2
        for row in rows:
            if line > MOST_ROWS:
                break
            for n, way in enumerate(ways):
                way(line, n, row)
            line += 1
            if line % TELL_EVERY == 0:
                told(line - 2)
        if not answer.report.is_list:
            sheet.write_string(line, 0, translate("Total"), styles.bold)
            for n, way in enumerate(ways[1:], 1):
                way(line, n, answer.total)
    return line - 2


class _Styles:
    """Number formats of a workbook."""

    def __init__(self, book: Any, exponent: int) -> None:  # noqa: ANN401  xlsxwriter has no types
        places = "." + "0" * exponent if exponent else ""
        self.bold = book.add_format({"bold": True})
        self.money = book.add_format({"num_format": f"#,##0{places}"})
        self.count = book.add_format({"num_format": "#,##0"})
        self.share = book.add_format({"num_format": "0.0%"})
        self.weight = book.add_format({"num_format": "#,##0.000"})


def _way(sheet: Any, styles: _Styles, answer: Answer, column: Column) -> _Way:  # noqa: ANN401
    """How the values of a column are put into cells."""
    # A spreadsheet knows binary fractions only; the sum shown is exact to the fen up to 10^13.
    money = (10**answer.exponent, styles.money)
    numbers = {
        Unit.MONEY: money, Unit.PRICE: money, Unit.SHARE: (1000, styles.share),
        Unit.CHANGE: (1000, styles.share), Unit.GRAMS: (1000, styles.weight),
        Unit.COUNT: (1, styles.count),
    }  # fmt: skip
    if column.unit not in numbers:
        write = writing(answer, column)
        return lambda line, n, row: sheet.write_string(line, n, write(row))
    divisor, style = numbers[column.unit]
    key = column.key

    def put(line: int, n: int, row: Row) -> None:
        value = row.get(key)
        if value is not None:
            sheet.write_number(line, n, value if divisor == 1 else value / divisor, style)

    return put
