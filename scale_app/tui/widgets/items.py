"""The item keys: the grid mirrors the keypad (7-8-9 on top), letters are a list below it."""

from rich.cells import cell_len

from scale_app.tui.paint import Ink, Row, Span, box, clip, fit, left, right, row, wrap
from scale_app.tui.widgets.numbers import base_word
from scale_app.tui.widgets.painted import Look, Painted
from scale_app.view import ItemKey, TillView
from scale_app.words import N_, Translate

_PAD = (("7", "8", "9"), ("4", "5", "6"), ("1", "2", "3"))


def _price(item: ItemKey, t: Translate) -> str:
    return item.price if item.base == "kg" else f"{item.price}/{base_word(item.base, t)}"


def _cell(item: ItemKey | None, key: str, width: int, t: Translate) -> tuple[Row, Row]:
    """Two rows of one key: its cap and name, its price."""
    if item is None:
        return fit(row(Span(key, Ink.DIM)), width), fit((), width)
    cap = Span(f"{key} ", Ink.LATCHED if item.latched else Ink.KEY)
    name_ink = Ink.LATCHED if item.latched else Ink.STRONG
    name = Span(clip(item.name, width - 2), name_ink)
    price = _price(item, t)
    price = right(price, max(width - 3, min(cell_len(price), width - 2)))
    mark = Span("> " if item.latched else "  ", Ink.KEY)
    return fit((cap, name), width), fit((mark, Span(price)), width)


def _widths(total: int, parts: int) -> list[int]:
    """`total` cells cut in nearly equal parts."""
    return [total * (i + 1) // parts - total * i // parts for i in range(parts)]


def grid_rows(view: TillView, width: int, spacing: int, t: Translate) -> list[Row]:
    """Nine keys as on the keypad; `spacing` blank rows between the rows of keys."""
    by_key = {item.key: item for item in view.items}
    rows: list[Row] = []
    for line in _PAD:
        cells = [
            _cell(by_key.get(key), key, size - 1, t)
            for key, size in zip(line, _widths(width, 3), strict=True)
        ]
        for part in (0, 1):
            spans: list[Span] = []
            for cell in cells:
                spans += [*cell[part], Span("|", Ink.DIM)]
            rows.append((*spans[:-1], Span(" ")))
        rows += [row(Span("-" * width, Ink.DIM))] * spacing if line is not _PAD[-1] else []
    return rows


def letter_rows(view: TillView, width: int, height: int, t: Translate) -> list[Row]:
    """Letter keys in as few columns as fit; says how many did not fit."""
    items = [item for item in view.items if not item.key.isdigit()]
    columns = next((n for n in (1, 2) if len(items) <= n * height), 3)
    hidden = len(items) - columns * height
    shown = items[: columns * height - 1] if hidden > 0 else items
    cells = [_letter(item, size := width // columns, t) for item in shown]
    if hidden > 0:
        more = t(N_("+{count} by number")).format(count=hidden + 1)
        cells.append(row(Span(left(more, size), Ink.DIM)))
    deep = min(height, -(-len(cells) // columns)) if cells else 0
    rows: list[Row] = []
    for y in range(deep):
        spans: list[Span] = []
        for x in range(columns):
            spans += cells[y + x * deep] if y + x * deep < len(cells) else ()
        rows.append(tuple(spans))
    return rows


_NAME_AT_LEAST = 9
"""Cells; a name is worth more than its price where both do not fit: the price shows when taken."""


def _letter(item: ItemKey, width: int, t: Translate) -> Row:
    """Key, name and, where there is room for it, price."""
    price = f" {_price(item, t)} "
    room = width - 2 - cell_len(price)
    if room < min(_NAME_AT_LEAST, cell_len(item.name)):
        price, room = " ", width - 3
    ink = Ink.LATCHED if item.latched else Ink.KEY
    name = Span(left(item.name, room), Ink.LATCHED if item.latched else Ink.PLAIN)
    return fit((Span(f"{item.key} ", ink), name, Span(price)), width)


def item_panel(view: TillView, look: Look) -> list[Row]:
    """Grid and letters in a box."""
    t, inside, height = look.t, look.width - 2, look.height - 2
    if not view.items:
        said = wrap(t(N_("No item keys yet: waiting for the price list.")), inside - 2)
        return box(
            [row(), *(row(f" {line}") for line in said)],
            (look.width, look.height),
            t(N_("ITEMS")),
        )
    rows = grid_rows(view, inside, 1 if height >= 16 else 0, t)
    letters = letter_rows(view, inside, height - len(rows) - 1, t)
    if letters:
        rows += [row(Span("-" * inside, Ink.DIM)), *letters]
    foot = t(N_("0 = item number"))
    return box(rows, (look.width, look.height), t(N_("ITEMS")), foot)


class ItemPanel(Painted):
    """Which key is which item."""

    def paint(self, view: TillView, look: Look) -> list[Row]:
        """See `item_panel`."""
        return item_panel(view, look)
