"""One sentence where the three numbers have no room."""

from scale_app.tui.paint import Ink, Row, Span, row, wrap
from scale_app.tui.widgets.painted import Look, Painted
from scale_app.view import TillView
from scale_app.words import N_

LEAST_COLUMNS, LEAST_ROWS = 80, 24


class TooSmall(Painted):
    """Says how big the window must be; keys sell nothing meanwhile."""

    def paint(self, view: TillView, look: Look) -> list[Row]:  # noqa: ARG002 - shows no sale
        """The sentence, wrapped."""
        said = look.t(
            N_(
                "This window is {columns}x{rows}; the till needs 80x24. "
                "Enlarge it, or use a smaller font."
            )
        ).format(columns=look.width, rows=look.height)
        return [row(Span(line, Ink.WARN)) for line in wrap(said, look.width)]
