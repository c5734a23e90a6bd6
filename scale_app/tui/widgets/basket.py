"""The basket: a table drawn by cells, newest lines in sight; empty, it says what to do."""

from scale_app.tui.paint import Ink, Row, Span, box, centre, left, right, row, wrap
from scale_app.tui.widgets.numbers import base_word
from scale_app.tui.widgets.painted import Look, Painted
from scale_app.view import LineView, TillView
from scale_app.words import N_, Translate

_FIXED = 29
"""Cells of all columns but the name: number 3, quantity 9, price 7, amount 8, mark 2."""
_WAS = 7


def _table_row(line: LineView, name_width: int, *, was: bool, t: Translate) -> Row:
    quantity = f"{line.quantity} {base_word('pc', t)}" if line.unit == "pc" else line.quantity
    shelf = [Span(right(line.shelf_price, _WAS), Ink.DIM)] if was else []
    return (
        Span(right(str(line.number), 2) + " ", Ink.DIM),
        Span(left(line.name, name_width), Ink.STRONG),
        Span(right(quantity, 9)),
        *shelf,
        Span(right(line.unit_price, 7), Ink.DONE if line.is_member_price else Ink.PLAIN),
        Span(right(line.amount, 8), Ink.STRONG),
        Span(" M" if line.is_member_price else "  ", Ink.DONE),
    )


def _head(name_width: int, *, was: bool, t: Translate) -> Row:
    shelf = right(t(N_("was")), _WAS) if was else ""
    text = (
        " # "
        + left(t(N_("item")), name_width)
        + right(t(N_("quantity")), 9)
        + shelf
        + right(t(N_("price")), 7)
        + right(t(N_("amount")), 8)
    )
    return row(Span(text, Ink.DIM))


def basket_rows(view: TillView, width: int, height: int, t: Translate) -> list[Row]:
    """Head and the newest lines, with a word on how many are above."""
    was = width >= 50 and any(line.shelf_price for line in view.lines)
    name_width = width - _FIXED - (_WAS if was else 0)
    shown = view.lines[-(height - 1) :]
    hidden = len(view.lines) - len(shown)
    if hidden:
        shown = shown[1:]
    rows = [_head(name_width, was=was, t=t)]
    if hidden:
        above = t(N_("... {count} more above")).format(count=hidden + 1)
        rows.append(row(Span("   " + above, Ink.DIM)))
    return rows + [_table_row(line, name_width, was=was, t=t) for line in shown]


def empty_rows(width: int, height: int, t: Translate) -> list[Row]:
    """What to do first, in the middle of the room."""
    lines = wrap(t(N_("Put goods on, press the item's key.")), width - 2)
    lines += wrap(t(N_("Then tap the card, or Enter for exact cash.")), width - 2)
    top = max(0, (height - len(lines)) // 2)
    first, *others = [centre(line, width) for line in lines]
    return [row()] * top + [
        row(Span(first, Ink.STRONG)),
        *(row(Span(line, Ink.DIM)) for line in others),
    ]


def basket_panel(view: TillView, look: Look) -> list[Row]:
    """The basket in a box."""
    t, width, height = look.t, look.width - 2, look.height - 2
    title = (t(N_("BASKET")) + f" {view.currency}").rstrip()
    rows = basket_rows(view, width, height, t) if view.lines else empty_rows(width, height, t)
    return box(rows, (look.width, look.height), title)


class BasketPanel(Painted):
    """What is sold so far."""

    def paint(self, view: TillView, look: Look) -> list[Row]:
        """See `basket_panel`."""
        return basket_panel(view, look)
