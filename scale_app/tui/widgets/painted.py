"""A widget that draws rows from a snapshot and redraws only the lines that changed."""

from dataclasses import dataclass

from rich.segment import Segment
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from scale_app.tui.colours import STYLES
from scale_app.tui.glyphs import LINE, Font
from scale_app.tui.paint import Ink, Row, fit
from scale_app.view import TillView
from scale_app.words import Translate, translator


@dataclass(frozen=True, slots=True)
class Look:
    """How to draw: room in cells, the words' language, the font of small digits."""

    width: int
    height: int
    t: Translate
    font: Font = LINE


class Painted(Widget, can_focus=False, inherit_bindings=False):
    """Shows `paint(view, look)`; subclasses say what that is."""

    def __init__(self, view: TillView, font: Font = LINE, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._view = view
        self._font = font
        self._rows: list[Row] = []

    def paint(self, view: TillView, look: Look) -> list[Row]:
        """Rows for the room in `look`; missing rows are blank."""
        raise NotImplementedError

    def show(self, view: TillView) -> None:
        """Draw `view`; lines that did not change are not sent to the terminal again."""
        self._view = view
        self._repaint(self.size)

    def on_resize(self) -> None:
        """Draw again for the new room."""
        self._repaint(self.size)

    def _repaint(self, size: Size) -> None:
        if not size.width or not size.height:
            return
        look = Look(size.width, size.height, translator(self._view.language), self._font)
        painted = [fit(line, size.width) for line in self.paint(self._view, look)[: size.height]]
        painted += [fit((), size.width)] * (size.height - len(painted))
        old, self._rows = self._rows, painted
        if len(old) != len(painted):
            self.refresh()
            return
        for y, (before, now) in enumerate(zip(old, painted, strict=True)):
            if before != now:
                self.refresh(Region(0, y, size.width, 1))

    def render_line(self, y: int) -> Strip:
        """One painted row for Textual."""
        if y >= len(self._rows):
            return Strip.blank(self.size.width, STYLES[Ink.PLAIN])
        return Strip([Segment(span.text, STYLES[span.ink]) for span in self._rows[y]])
