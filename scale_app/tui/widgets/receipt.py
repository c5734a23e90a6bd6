"""The last receipt beside the basket, on wide screens; also the paper of a shift report."""

from scale_app.tui.paint import Ink, Row, Span, box, row, wrap
from scale_app.tui.widgets.painted import Look, Painted
from scale_app.view import TillView
from scale_app.words import N_


def receipt_panel(view: TillView, look: Look) -> list[Row]:
    """The newest lines of the receipt in a box."""
    t, height = look.t, look.height - 2
    if not view.receipt:
        said = wrap(t(N_("The last receipt will stand here.")), look.width - 4)
        rows = [row(), *(row(Span(" " + line, Ink.DIM)) for line in said)]
    else:
        rows = [row(line) for line in view.receipt[:height]]
        if len(view.receipt) > height:
            rows[-1] = row(Span("...", Ink.DIM))
    foot = t(N_("sales in this shift: {count}")).format(count=view.sales_today)
    return box(rows, (look.width, look.height), t(N_("LAST RECEIPT")), foot)


class ReceiptPanel(Painted):
    """What was printed last."""

    def paint(self, view: TillView, look: Look) -> list[Row]:
        """See `receipt_panel`."""
        return receipt_panel(view, look)
