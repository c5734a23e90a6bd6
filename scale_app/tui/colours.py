"""How each ink looks: Okabe-Ito colours on black, which colour-blind people can tell apart.

The word carries the meaning and the colour repeats it: with NO_COLOR bold and reverse remain.
Contrast of every pair is at least 4.5:1 (a test computes it).
"""

from rich.style import Style

from scale_app.tui.paint import Ink

BLACK = "#000000"
WHITE = "#f2f2f2"
GREY = "#a6a6a6"
GREEN = "#009e73"
ORANGE = "#e69f00"
VERMILION = "#d55e00"
BLUE = "#56b4e9"
YELLOW = "#f0e442"


def _style(colour: str, paper: str = BLACK, *, bold: bool = False) -> Style:
    return Style(color=colour, bgcolor=paper, bold=bold)


STYLES: dict[Ink, Style] = {
    Ink.PLAIN: _style(WHITE),
    Ink.DIM: _style(GREY),
    Ink.STRONG: _style(WHITE, bold=True),
    Ink.TITLE: _style(BLUE, bold=True),
    Ink.KEY: _style(YELLOW, bold=True),
    Ink.DONE: _style(GREEN, bold=True),
    Ink.WARN: _style(ORANGE, bold=True),
    Ink.FAULT: _style(VERMILION, bold=True),
    Ink.INFO: _style(BLUE),
    Ink.LATCHED: _style(BLACK, YELLOW, bold=True),
    Ink.DONE_BAR: _style(BLACK, GREEN, bold=True),
    Ink.WARN_BAR: _style(BLACK, ORANGE, bold=True),
    Ink.FAULT_BAR: _style(BLACK, VERMILION, bold=True),
    Ink.INFO_BAR: _style(BLACK, BLUE, bold=True),
    Ink.BLOCK: _style(WHITE, WHITE),
    Ink.DONE_BLOCK: _style(GREEN, GREEN),
    Ink.FAULT_BLOCK: _style(VERMILION, VERMILION),
}
