"""Text in columns as a printer or terminal counts them: a Chinese character is two cells wide.

Widths follow the Unicode property East_Asian_Width (UAX 11): W and F take two cells, combining
marks none, everything else one; ambiguous characters count one, as receipt printers in GB18030
double-byte mode print them only when they come from the double-byte plane.
"""

import functools
import unicodedata
from collections.abc import Iterator


def cells(text: str) -> int:
    """Width of `text` in cells."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(map(_cells_of, text))


@functools.lru_cache(maxsize=4096)
def _cells_of(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Cc", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrapped(text: str, columns: int) -> Iterator[str]:
    """`text` in rows of at most `columns` cells, broken at blanks where there are any."""
    if cells(text) <= columns:
        if text.rstrip():
            yield text.rstrip()
        return
    row = ""
    for word in _words(text):
        if row and cells(row) + cells(word.rstrip()) > columns:
            yield row.rstrip()
            row = ""
        for character in word:
            if cells(row) + _cells_of(character) > columns:
                yield row.rstrip()
                row = ""
            row += character
    if row.rstrip():
        yield row.rstrip()


def _words(text: str) -> Iterator[str]:
    word = ""
    for character in text:
        word += character
        if character == " " or _cells_of(character) == 2:
            yield word
            word = ""
    if word:
        yield word


def centred(text: str, columns: int) -> list[str]:
    """`text` in the middle of its rows."""
    return [" " * ((columns - cells(row)) // 2) + row for row in wrapped(text, columns)]


def apart(left: str, right: str, columns: int) -> list[str]:
    """`left` at the left edge and `right` at the right one; in more rows when they do not fit."""
    gap = columns - cells(left) - cells(right)
    if gap >= 1:
        return [left + " " * gap + right]
    rows = list(wrapped(left, columns))
    room = columns - cells(rows[-1]) - cells(right) if rows else -1
    if room >= 1:
        return [*rows[:-1], rows[-1] + " " * room + right]
    return [*rows, " " * max(0, columns - cells(right)) + right]
