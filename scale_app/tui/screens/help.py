"""Every key and what it does, from the key map itself."""

from scale_app.tui.keys import KEY_MAP
from scale_app.tui.paint import Ink, Row, Span, box, fit, left, row
from scale_app.tui.widgets.painted import Look, Painted
from scale_app.view import TillView
from scale_app.words import N_


def help_page(look: Look) -> list[Row]:
    """Two columns of keys where one does not fit."""
    t, inside, height = look.t, look.width - 2, look.height - 2
    lines = [("1-9 a-z", t(N_("The item printed on that key")))]
    lines += [(line.cap, t(line.meaning)) for line in KEY_MAP]
    columns = 1 if len(lines) <= height else 2
    deep = -(-len(lines) // columns)
    width = inside // columns
    cells = [
        fit((Span(left(f" {cap}", 9), Ink.KEY), Span(left(said, width - 9))), width)
        for cap, said in lines
    ]
    rows: list[Row] = []
    for y in range(deep):
        spans: list[Span] = []
        for x in range(columns):
            spans += cells[y + x * deep] if y + x * deep < len(cells) else ()
        rows.append(tuple(spans))
    after = (
        t(N_("After a number: Enter = item, * = pieces, F3 = tare in kg, F6 = cashier.")),
        t(N_("A tap of the card pays or shows the member's price.")),
    )
    ends = [row(Span(" " + said, Ink.DIM)) for said in after]
    foot = t(N_("Backspace = back to the sale"))
    return box([*rows, row(), *ends], (look.width, look.height), t(N_("KEYS")), foot)


class HelpPage(Painted):
    """F1."""

    def paint(self, view: TillView, look: Look) -> list[Row]:  # noqa: ARG002 - the same always
        """See `help_page`."""
        return help_page(look)
