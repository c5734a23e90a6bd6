"""Big digits and letters made of plain characters, in three fonts; pure.

LINE is drawn with box characters, which terminals set to CJK-wide draw two cells wide; ASCII is
the seven-segment form for those (`scale_app.tui.probe` chooses). BLOCK is five rows high, made of
`#` that the screen draws as solid blocks, so it needs no special character at all.
"""

from dataclasses import dataclass

from rich.cells import cell_len


@dataclass(frozen=True, slots=True)
class Font:
    """Glyphs of equal height; `gap` is what stands between two."""

    height: int
    gap: str
    glyphs: dict[str, tuple[str, ...]]


def _font(gap: str, table: dict[str, str]) -> Font:
    glyphs = {}
    for character, drawing in table.items():
        rows = drawing.split("/")
        width = max(len(row) for row in rows)
        glyphs[character] = tuple(row.ljust(width) for row in rows)
    return Font(len(next(iter(glyphs.values()))), gap, glyphs)


LINE = _font(
    "",
    {
        "0": "┏━┓/┃ ┃/┗━┛",
        "1": " ╺┓/  ┃/  ┃",
        "2": "╺━┓/┏━┛/┗━╸",
        "3": "╺━┓/ ━┫/╺━┛",
        "4": "╻ ╻/┗━┫/  ╹",
        "5": "┏━╸/┗━┓/╺━┛",
        "6": "┏━╸/┣━┓/┗━┛",
        "7": "╺━┓/  ┃/  ╹",
        "8": "┏━┓/┣━┫/┗━┛",
        "9": "┏━┓/┗━┫/╺━┛",
        ".": " / /.",
        "-": "   /╺━╸/   ",
        " ": "   /   /   ",
    },
)

ASCII = _font(
    " ",
    {
        "0": " _ /| |/|_|",
        "1": "   /  |/  |",
        "2": " _ / _|/|_ ",
        "3": " _ / _|/ _|",
        "4": "   /|_|/  |",
        "5": " _ /|_ / _|",
        "6": " _ /|_ /|_|",
        "7": " _ /  |/  |",
        "8": " _ /|_|/|_|",
        "9": " _ /|_|/ _|",
        ".": " / /.",
        "-": "   /___/   ",
        " ": "   /   /   ",
    },
)

BLOCK = _font(
    " ",
    {
        "0": "###/# #/# #/# #/###",
        "1": " # /## / # / # /###",
        "2": "###/  #/###/#  /###",
        "3": "###/  #/###/  #/###",
        "4": "# #/# #/###/  #/  #",
        "5": "###/#  /###/  #/###",
        "6": "###/#  /###/# #/###",
        "7": "###/  #/  #/  #/  #",
        "8": "###/# #/###/# #/###",
        "9": "###/# #/###/  #/###",
        ".": " / / / /#",
        "-": "   /   /###/   /   ",
        " ": "   /   /   /   /   ",
        "A": " ## /#  #/####/#  #/#  #",
        "D": "### /#  #/#  #/#  #/### ",
        "E": "####/#   /### /#   /####",
        "F": "####/#   /### /#   /#   ",
        "I": "###/ # / # / # /###",
        "P": "### /#  #/### /#   /#   ",
        "R": "### /#  #/### /# # /#  #",
        "S": " ###/#   / ## /   #/### ",
        "U": "#  #/#  #/#  #/#  #/ ## ",
    },
)


def big(text: str, font: Font, width: int) -> tuple[str, ...]:
    """`text` drawn in `font`, one string per row; empty when it has no glyph or does not fit."""
    if not text or any(character not in font.glyphs for character in text):
        return ()
    glyphs = [font.glyphs[character] for character in text]
    rows = tuple(font.gap.join(glyph[row] for glyph in glyphs) for row in range(font.height))
    return rows if cell_len(rows[0]) <= width else ()


_SCALES = ((6, 5), (5, 4), (4, 3), (4, 2), (3, 2), (2, 2), (2, 1), (1, 1))
"""Cells across and down per cell of the glyph; a cell is about twice as high as wide."""


def biggest(text: str, font: Font, room: tuple[int, int], *, like: str = "") -> tuple[str, ...]:
    """`text` drawn as large as `room` (width, height) allows; empty when it does not fit at all.

    `like` is a longer text beside it that must fit too, so that neighbours are equally large.
    """
    width, height = room
    rows, longest = big(text, font, width), big(like, font, width)
    if not rows:
        return ()
    widest = max(cell_len(rows[0]), cell_len(longest[0]) if longest else 0)
    for across, down in _SCALES:
        if widest * across <= width and font.height * down <= height:
            return tuple(_stretched(line, across) for line in rows for _ in range(down))
    return ()


def _stretched(line: str, across: int) -> str:
    return "".join(character * across for character in line)
