"""The shift's report as the core made it; the shift key again closes the shift."""

from scale_app.say import Say
from scale_app.tui.paint import Ink, Row, Span, box, left, row
from scale_app.tui.sentences import sentence
from scale_app.tui.widgets.painted import Look, Painted
from scale_app.view import Stage, TillView
from scale_app.words import N_

_PAPER = 34
"""Width of one column of paper: 32 and a blank on each side."""


def shift_page(view: TillView, look: Look, first: int = 0) -> list[Row]:
    """The report from line `first`, in as many columns of paper as fit."""
    t, inside, height = look.t, look.width - 2, look.height - 2
    lines = view.receipt[first:]
    rows: list[Row] = []
    if view.stage is Stage.GUARD and view.message is not None:
        rows.append(row(Span(" " + sentence(view.message, t), Ink.WARN)))
        height -= 1
    widest = max([_PAPER, *(len(line) + 2 for line in lines)])
    columns = max(1, inside // widest)
    for y in range(height):
        cells = [
            lines[y + x * height] if y + x * height < len(lines) else "" for x in range(columns)
        ]
        rows.append(tuple(Span(left(" " + cell, inside // columns)) for cell in cells))
    title, foot = N_("SHIFT REPORT"), N_("F8 = close the shift   Up/Down   Backspace = back")
    if view.message is not None and view.message.code == Say.VOID_WHICH:
        title, foot = (
            N_("SALES OF THIS SHIFT"),
            N_("1-9 = take back   Ins = older   Backspace = none"),
        )
    return box(rows, (look.width, look.height), t(title), t(foot))


class ShiftPage(Painted):
    """F8."""

    first = 0

    def scroll_lines(self, by: int) -> None:
        """Move the paper by lines; stays within the report."""
        self.first = max(0, min(self.first + by, max(0, len(self._view.receipt) - 5)))
        self.show(self._view)

    def paint(self, view: TillView, look: Look) -> list[Row]:
        """See `shift_page`."""
        return shift_page(view, look, self.first)
