"""The basket: a table drawn by cells, newest lines in sight; empty, it says what to do."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len

from scale_app.tui.paint import Ink, Row, Span, box, centre, left, right, row, wrap
from scale_app.tui.widgets.numbers import base_word
from scale_app.tui.widgets.painted import Look, Painted
from scale_app.view import CardView, LineView, TillView
from scale_app.words import N_, Translate


class Columns(NamedTuple):
    """Widths of the number columns in cells; `was` 0 = not shown."""

    quantity: int
    was: int
    price: int
    amount: int


_LEAST = Columns(quantity=7, was=0, price=7, amount=8)
"""Widths that do not change while usual goods are sold; large sums make them wider."""
_NUMBER, _MARK = 3, 2


def _quantity(line: LineView, t: Translate) -> str:
    return f"{line.quantity} {base_word('pc', t)}" if line.unit == "pc" else line.quantity


def columns_of(lines: Sequence[LineView], width: int, t: Translate) -> Columns:
    """Widths that hold every number with a blank before it; shelf prices where there is room."""
    shows_shelf = width >= 50 and any(line.shelf_price for line in lines)
    shelf = 1 + max((len(line.shelf_price) for line in lines), default=0)
    return Columns(
        quantity=max(_LEAST.quantity, *(1 + cell_len(_quantity(line, t)) for line in lines)),
        was=max(7, shelf) if shows_shelf else 0,
        price=max(_LEAST.price, *(1 + len(line.unit_price) for line in lines)),
        amount=max(_LEAST.amount, *(1 + len(line.amount) for line in lines)),
    )


def _table_row(line: LineView, name_width: int, columns: Columns, t: Translate) -> Row:
    is_member = line.is_member_price
    return (
        Span(right(str(line.number), 2) + " ", Ink.DIM),
        Span(left(line.name, name_width), Ink.STRONG),
        Span(right(_quantity(line, t), columns.quantity)),
        Span(right(line.shelf_price, columns.was) if columns.was else "", Ink.DIM),
        Span(right(line.unit_price, columns.price), Ink.DONE if is_member else Ink.PLAIN),
        Span(right(line.amount, columns.amount), Ink.STRONG),
        Span(" M" if is_member else "  ", Ink.DONE),
    )


def _head(name_width: int, columns: Columns, t: Translate) -> Row:
    text = (
        " # "
        + left(t(N_("item")), name_width)
        + right(t(N_("qty")), columns.quantity)
        + (right(t(N_("was")), columns.was) if columns.was else "")
        + right(t(N_("price")), columns.price)
        + right(t(N_("amount")), columns.amount)
    )
    return row(Span(text, Ink.DIM))


def basket_rows(view: TillView, width: int, height: int, t: Translate) -> list[Row]:
    """Head and the newest lines, with a word on how many are above."""
    columns = columns_of(view.lines, width, t)
    name_width = width - _NUMBER - _MARK - sum(columns)
    shown = view.lines[-(height - 1) :]
    hidden = len(view.lines) - len(shown)
    if hidden:
        shown = shown[1:]
    rows = [_head(name_width, columns, t)]
    if hidden:
        above = t(N_("... {count} more above")).format(count=hidden + 1)
        rows.append(row(Span("   " + above, Ink.DIM)))
    return rows + [_table_row(line, name_width, columns, t) for line in shown]


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


def record_rows(card: CardView, width: int, height: int) -> list[Row]:
    """The last lines of a card's own log, newest first, in two columns where there is room."""
    cell = max(len(f"{when[5:]} {amount}") for when, amount in card.records)
    told = [f"{when[5:]} {amount:>{cell - len(when[5:]) - 1}}" for when, amount in card.records]
    columns = 2 if 2 * cell + 2 <= width else 1
    deep = min(height, -(-len(told) // columns))
    rows = []
    for at in range(deep):
        across = told[at::deep][:columns]
        rows.append(row(Span("  ".join(across))))
    return rows


def basket_panel(view: TillView, look: Look) -> list[Row]:
    """The basket in a box."""
    t, width, height = look.t, look.width - 2, look.height - 2
    title = (t(N_("BASKET")) + f" {view.currency}").rstrip()
    if not view.lines and view.card is not None and view.card.records:
        title = t(N_("LAST ON THIS CARD"))
        return box(record_rows(view.card, width, height), (look.width, look.height), title)
    rows = basket_rows(view, width, height, t) if view.lines else empty_rows(width, height, t)
    return box(rows, (look.width, look.height), title)


class BasketPanel(Painted):
    """What is sold so far."""

    def paint(self, view: TillView, look: Look) -> list[Row]:
        """See `basket_panel`."""
        return basket_panel(view, look)
