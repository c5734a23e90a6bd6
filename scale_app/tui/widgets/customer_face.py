"""What the customer sees: product, weight, unit price, price to pay, total, card, one instruction.

Works from 40x11 to a full window; the same numbers as on the stallholder's screen, from the same
snapshot, in every state (rules for shop scales: both sides see weight, unit price and price).
"""

from collections.abc import Sequence
from itertools import zip_longest

from scale_app.tui.paint import Ink, Row, Span, centre, fit, row, spread
from scale_app.tui.widgets.numbers import (
    base_word,
    digit_rows,
    longest_number,
    shown_weight,
    weight_word,
)
from scale_app.tui.widgets.painted import Look, Painted
from scale_app.view import LinkState, Stage, TillView
from scale_app.words import N_, Translate

_FIXED_ROWS = 5
"""Stall, product, two rows of labels, and the bar at the bottom."""
Instruction = tuple[str, Ink]
_BY_STAGE: dict[Stage, Instruction] = {
    Stage.STARTING: (N_("PLEASE WAIT"), Ink.INFO_BAR),
    Stage.NOT_READY: (N_("PLEASE WAIT"), Ink.INFO_BAR),
    Stage.ASKING: (N_("ONE MOMENT, LEAVE CARD"), Ink.INFO_BAR),
    Stage.GUARD: (N_("ONE MOMENT"), Ink.INFO_BAR),
    Stage.PAID: (N_("PAID - THANK YOU"), Ink.DONE_BAR),
    Stage.REFUSED: (N_("REFUSED - CASH PLEASE"), Ink.FAULT_BAR),
    Stage.STOPPED: (N_("CLOSED"), Ink.FAULT_BAR),
}


def instruction(view: TillView) -> Instruction:
    """The one thing the customer should do or know now."""
    if view.stage in _BY_STAGE:
        return _BY_STAGE[view.stage]
    if not view.lines:
        return N_("WELCOME"), Ink.INFO_BAR
    takes_cards = view.links.reader is LinkState.OK and view.links.net is not LinkState.OFF
    return (N_("TAP CARD OR CASH"), Ink.WARN_BAR) if takes_cards else (N_("CASH"), Ink.WARN_BAR)


def _beside(columns: Sequence[list[Row]], widths: tuple[int, int]) -> list[Row]:
    """Two columns of rows as one."""
    return [
        fit(a, widths[0]) + fit(b, widths[1])
        for a, b in zip_longest(columns[0], columns[1], fillvalue=row())
    ]


def _number(text: str | None, look: Look, room: tuple[int, int], like: str) -> list[Row]:
    rows = digit_rows(text, look, room, like)
    return rows + [row()] * (room[1] - len(rows))


def _head(view: TillView, t: Translate) -> tuple[Row, Row]:
    """Left and right of the first row: the card on the reader, else the stall and the time."""
    card = view.card
    if card is None:
        return row(Span(f" {view.stall}", Ink.DIM)), row(Span(f"{view.clock} ", Ink.DIM))
    who = row(Span(f" {card.number} "), Span(card.level, Ink.DONE))
    if card.balance is None:
        return who, row()
    balance = t(N_("balance {amount}")).format(amount=card.balance)
    return who, row(Span(balance + " ", Ink.STRONG))


def _weight_label(view: TillView, t: Translate) -> Row:
    word, ink = weight_word(view)
    is_shown = view.tare and shown_weight(view) is not None
    tare = " " + t(N_("T {tare}")).format(tare=view.tare) if is_shown else ""
    return row(Span(f" {view.weight_unit} ", Ink.TITLE), Span(t(word) + tare, ink))


def _price_label(view: TillView, t: Translate) -> Row:
    unit = Span(f" {view.currency}/{base_word(view.base, t)}", Ink.TITLE)
    if not view.shelf_price:
        return (unit,)
    return row(unit, Span(" " + t(N_("was {price}")).format(price=view.shelf_price), Ink.STRONG))


def _total_label(view: TillView, t: Translate) -> Row:
    if not view.saving:
        return row(Span(" " + t(N_("TOTAL")) + f" {view.currency}", Ink.TITLE))
    saves = t(N_("saves {amount}")).format(amount=view.saving)
    return row(Span(" " + t(N_("TOTAL")), Ink.TITLE), Span(f"  {saves}", Ink.DONE))


def _bar(view: TillView, look: Look) -> Row:
    """The instruction; with it what cash comes to where it is rounded, while it is still to pay."""
    said, ink = instruction(view)
    text = look.t(said)
    if view.cash_total and view.stage in (Stage.SELLING, Stage.REFUSED):
        text += "  " + look.t(N_("in cash {amount}")).format(amount=view.cash_total)
    return row(Span(centre(text, look.width), ink))


def customer_rows(view: TillView, look: Look) -> list[Row]:
    """The whole small screen."""
    t, width = look.t, look.width
    halves = (width // 2, width - width // 2)
    tall = (look.height - _FIXED_ROWS) // 2
    member = [Span(t(N_("MEMBER PRICE")) + " ", Ink.DONE)] if view.shelf_price else []
    to_pay = row(Span(" " + t(N_("PRICE TO PAY")) + f" {view.currency}", Ink.TITLE))
    top, second = (
        [
            _number(text, look, (half - 1, tall), longest_number(view))
            for text, half in zip(pair, halves, strict=True)
        ]
        for pair in ((shown_weight(view), view.unit_price), (view.amount, view.total))
    )
    return [
        spread(*_head(view, t), width),
        spread(row(Span(f" {view.product}", Ink.KEY)), member, width),
        *_beside(top, halves),
        *_beside(([_weight_label(view, t)], [_price_label(view, t)]), halves),
        *_beside(second, halves),
        *_beside(([to_pay], [_total_label(view, t)]), halves),
        *[row()] * ((look.height - _FIXED_ROWS) % 2),
        _bar(view, look),
    ]


class CustomerFace(Painted):
    """The customer's whole screen."""

    def paint(self, view: TillView, look: Look) -> list[Row]:
        """See `customer_rows`."""
        return customer_rows(view, look)
