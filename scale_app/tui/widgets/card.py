"""The card on the reader, or the one that just paid."""

from scale_app.tui.paint import Ink, Row, Span, box, fit, row
from scale_app.tui.widgets.painted import Look, Painted
from scale_app.view import CardView, LinkState, Stage, TillView
from scale_app.words import N_, Translate


def card_rows(card: CardView, saving: str, t: Translate) -> list[Row]:
    """Number, level and validity; balance and what the card saves."""
    who = [Span(f" {card.number} ", Ink.STRONG)]
    if card.level:
        who.append(Span(f" {card.level} ", Ink.DONE))
    if card.valid_to:
        who.append(Span(" " + t(N_("to {day}")).format(day=card.valid_to), Ink.DIM))
    worth: list[Span] = []
    if card.balance is not None:
        worth.append(Span(" " + t(N_("balance {amount}")).format(amount=card.balance), Ink.STRONG))
    elif card.has_purse:
        worth.append(Span(" " + t(N_("balance: F2")), Ink.DIM))
    else:
        worth.append(Span(" " + t(N_("member card, no purse")), Ink.DIM))
    if saving:
        worth.append(Span("  " + t(N_("saves {amount}")).format(amount=saving), Ink.DONE))
    return [tuple(who), tuple(worth)]


def card_panel(view: TillView, look: Look) -> list[Row]:
    """The card in a box, or that there is none."""
    t, size = look.t, (look.width, look.height)
    if view.card is not None:
        return box(card_rows(view.card, view.saving, t), size, t(N_("CARD")))
    if view.stage is Stage.STARTING:
        said = ""
    elif view.links.reader is LinkState.NONE:
        said = t(N_("No card reader: cash only."))
    elif view.links.reader is LinkState.OFF:
        said = t(N_("Card reader lost: cash only."))
    else:
        said = t(N_("No card on the reader."))
    return box([fit(row(Span(" " + said, Ink.DIM)), look.width - 2)], size, t(N_("CARD")))


class CardPanel(Painted):
    """Whose card it is and what is on it."""

    def paint(self, view: TillView, look: Look) -> list[Row]:
        """See `card_panel`."""
        return card_panel(view, look)
