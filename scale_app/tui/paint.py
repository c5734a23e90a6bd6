"""Rows of styled text measured in terminal cells; what every widget of the till is made of. Pure.

A Chinese character fills two cells; names are cut by cells, never by characters, so that no row
is ever wider than its place. Borders are ASCII: terminals set to CJK-wide draw box characters two
cells wide and would tear the screen.
"""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size


class Ink(StrEnum):
    """What a piece of text is, by meaning; `colours` says how it looks."""

    PLAIN = "plain"
    DIM = "dim"
    STRONG = "strong"
    TITLE = "title"
    KEY = "key"
    DONE = "done"
    WARN = "warn"
    FAULT = "fault"
    INFO = "info"
    LATCHED = "latched"
    DONE_BAR = "done-bar"
    WARN_BAR = "warn-bar"
    FAULT_BAR = "fault-bar"
    INFO_BAR = "info-bar"
    BLOCK = "block"
    """Solid: ink and paper in one colour, for the `#` of big digits."""
    DONE_BLOCK = "done-block"
    FAULT_BLOCK = "fault-block"


class Span(NamedTuple):
    """Text in one ink."""

    text: str
    ink: Ink = Ink.PLAIN


Row = tuple[Span, ...]


def row(*pieces: Span | str) -> Row:
    """A row of spans; bare strings are plain."""
    return tuple(piece if isinstance(piece, Span) else Span(piece) for piece in pieces)


def row_width(spans: Iterable[Span]) -> int:
    """Width of a row in cells."""
    return sum(cell_len(span.text) for span in spans)


def row_text(spans: Iterable[Span]) -> str:
    """The row without its inks."""
    return "".join(span.text for span in spans)


def clip(text: str, width: int) -> str:
    """`text` cut to `width` cells; a cut is marked by `~`."""
    if cell_len(text) <= width:
        return text
    if width <= 1:
        return "~"[:width]
    return set_cell_size(text, width - 1).rstrip() + "~"


def left(text: str, width: int) -> str:
    """`text` in exactly `width` cells, flush left."""
    clipped = clip(text, width)
    return clipped + " " * (width - cell_len(clipped))


def right(text: str, width: int) -> str:
    """`text` in exactly `width` cells, flush right."""
    clipped = clip(text, width)
    return " " * (width - cell_len(clipped)) + clipped


def centre(text: str, width: int) -> str:
    """`text` in exactly `width` cells, in the middle."""
    clipped = clip(text, width)
    spare = width - cell_len(clipped)
    return " " * (spare // 2) + clipped + " " * (spare - spare // 2)


def fit(spans: Sequence[Span], width: int) -> Row:
    """The row in exactly `width` cells: cut from the right, or filled with blanks."""
    out: list[Span] = []
    room = width
    for span in spans:
        size = cell_len(span.text)
        if size > room:
            out.append(Span(left(span.text, room), span.ink))
            room = 0
            break
        out.append(span)
        room -= size
    if room:
        out.append(Span(" " * room, Ink.PLAIN))
    return tuple(out)


def spread(start: Sequence[Span], end: Sequence[Span], width: int) -> Row:
    """`start` flush left and `end` flush right in one row; `start` gives way."""
    room = max(0, width - row_width(end))
    return fit((*fit(start, room), *end), width)


def solid(line: str, ink: Ink) -> Row:
    """Runs of `#` in the solid `ink`, what is between them as plain paper."""
    return tuple(
        Span("".join(run), ink if is_block else Ink.PLAIN)
        for is_block, run in groupby(line, lambda character: character == "#")
    )


def box(rows: Sequence[Row], size: tuple[int, int], title: str = "", foot: str = "") -> list[Row]:
    """The rows inside an ASCII border of `size` (width, height), title above, foot below right."""
    width, height = size
    inside = width - 2
    body = [fit(line, inside) for line in rows[: height - 2]]
    body += [fit((), inside)] * (height - 2 - len(body))
    head = clip(f" {title} ", inside - 1) if title else ""
    tail = clip(f" {foot} ", inside - 1) if foot else ""
    edge = Span("|", Ink.DIM)
    return [
        (
            Span("+-", Ink.DIM),
            Span(head, Ink.TITLE),
            Span("-" * (inside - 1 - cell_len(head)) + "+", Ink.DIM),
        ),
        *((edge, *line, edge) for line in body),
        (
            Span("+" + "-" * (inside - 1 - cell_len(tail)), Ink.DIM),
            Span(tail, Ink.STRONG),
            Span("-+", Ink.DIM),
        ),
    ]


_PIECES = re.compile(r"[⺀-￯][、。，！？：；）]*|[^\s⺀-￯]+|\s+")
"""A line may break at blanks and around a wide character, but not before its punctuation."""


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells; a piece longer than a line is cut."""
    lines, line = [], ""
    for piece in _PIECES.findall(text):
        if cell_len(line + piece.rstrip()) <= width:
            line += piece
            continue
        lines.append(line.rstrip())
        line = clip(piece.lstrip(), width)
    return [line for line in (*lines, line.rstrip()) if line]
