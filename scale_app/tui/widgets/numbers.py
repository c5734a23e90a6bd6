"""The big numbers: weight, unit price, price to pay and, where there is room, the total.

Operator and customer must see the first three at the same time in every state (rules for shop
scales), so no page covers them. A number that is not known is dashes, never zeros.
"""

from scale_app.tui.glyphs import BLOCK, big, biggest
from scale_app.tui.paint import Ink, Row, Span, box, centre, clip, row, solid, spread
from scale_app.tui.widgets.painted import Look, Painted
from scale_app.view import LinkState, Stage, TillView, WeightState
from scale_app.words import N_, Translate

DASHES = "---"
WEIGHT_WORDS: dict[WeightState, tuple[str, Ink]] = {
    WeightState.EMPTY: (N_("EMPTY"), Ink.DIM),
    WeightState.MOVING: (N_("MOVING"), Ink.WARN),
    WeightState.STABLE: (N_("STABLE"), Ink.DONE),
    WeightState.SOLD: (N_("SOLD"), Ink.DONE),
    WeightState.BELOW_MINIMUM: (N_("BELOW MINIMUM"), Ink.WARN),
    WeightState.OVERLOAD: (N_("OVERLOAD"), Ink.FAULT),
    WeightState.NEGATIVE: (N_("BELOW ZERO"), Ink.FAULT),
    WeightState.FAULT: (N_("SCALE FAULT"), Ink.FAULT),
    WeightState.STALE: (N_("NO NEW WEIGHT"), Ink.FAULT),
    WeightState.LOST: (N_("SCALE LOST"), Ink.FAULT),
}
_NO_WEIGHT = frozenset(
    {WeightState.OVERLOAD, WeightState.FAULT, WeightState.STALE, WeightState.LOST}
)


def shown_weight(view: TillView) -> str | None:
    """The weight to show; None while the scale cannot vouch for one."""
    return None if view.weight_state in _NO_WEIGHT else view.weight


def weight_word(view: TillView) -> tuple[str, Ink]:
    """The word beside the weight (to be translated) and its ink; a till may have no scale."""
    if view.stage is Stage.STARTING:
        return N_("WAIT"), Ink.DIM
    if view.links.scale is LinkState.NONE:
        return N_("NO SCALE"), Ink.DIM
    return WEIGHT_WORDS[view.weight_state]


def base_word(base: str, t: Translate) -> str:
    """The price base as it is said: kg, 500g, lb as they are, a piece in words."""
    return t(N_("pc")) if base == "pc" else base


def longest_number(view: TillView) -> str:
    """The longest of the four numbers; all are drawn as large as this one allows."""
    numbers = (shown_weight(view), view.unit_price, view.amount, view.total)
    return max((number or DASHES for number in numbers), key=len)


def digit_rows(text: str | None, look: Look, room: tuple[int, int], like: str) -> list[Row]:
    """The number as big as `room` (width, height) allows: blocks, three rows, or bold text."""
    shown, (width, height) = text or DASHES, room
    blocks = biggest(shown, BLOCK, room, like=like)
    if blocks:
        top = [row()] * ((height - len(blocks)) // 2)
        return [*top, *(solid(centre(line, width), Ink.BLOCK) for line in blocks)]
    rows = big(shown, look.font, width) if height >= look.font.height else ()
    if not rows:
        pad = [row()] * ((height - 1) // 2)
        return [*pad, row(Span(centre(shown, width), Ink.STRONG))]
    pad = [row()] * ((height - len(rows)) // 2)
    return [*pad, *(row(Span(centre(line, width), Ink.STRONG)) for line in rows)]


def _panel(look: Look, title: str, number: tuple[str | None, str], word: Row) -> list[Row]:
    """`number` comes with the longest of its neighbours."""
    height, title = look.height - 3, title.rstrip()
    rows = digit_rows(number[0], look, (look.width - 2, height), number[1])
    rows += [row()] * (height - len(rows))
    return box([*rows, word], (look.width, look.height), title)


def weight_panel(view: TillView, look: Look) -> list[Row]:
    """Weight, its word, the zero lamp and the tare."""
    t = look.t
    word, ink = weight_word(view)
    lamps = [Span(">0< ", Ink.INFO)] if view.is_zero else []
    if view.tare:
        lamps.append(Span(t(N_("TARE")) + f" {view.tare} ", Ink.WARN))
    line = spread(row(Span(" " + t(word), ink)), lamps, look.width - 2)
    net = t(N_("NET WEIGHT")) if view.tare else t(N_("WEIGHT"))
    return _panel(
        look, f"{net} {view.weight_unit}", (shown_weight(view), longest_number(view)), line
    )


def price_panel(view: TillView, look: Look) -> list[Row]:
    """Unit price; with a member's card the shelf price beside it."""
    t = look.t
    line: Row = row()
    if view.shelf_price:
        line = row(
            Span(" " + t(N_("MEMBER PRICE")) + " ", Ink.DONE),
            Span(t(N_("was {price}")).format(price=view.shelf_price), Ink.STRONG),
        )
    title = t(N_("UNIT PRICE")) + f" {view.currency}/{base_word(view.base, t)}"
    return _panel(look, title, (view.unit_price, longest_number(view)), line)


def amount_panel(view: TillView, look: Look) -> list[Row]:
    """Price to pay for what is on the pan, and which product it is."""
    product = f" {view.plu} {view.product}" if view.plu is not None else f" {view.product}"
    title = look.t(N_("PRICE TO PAY")) + f" {view.currency}"
    line = row(Span(clip(product, look.width - 2), Ink.KEY))
    return _panel(look, title, (view.amount, longest_number(view)), line)


def total_panel(view: TillView, look: Look) -> list[Row]:
    """The sale's total in big digits, on wide screens."""
    t = look.t
    line = [Span(" " + t(N_("items: {count}")).format(count=len(view.lines)))]
    if view.saving:
        saving = t(N_("saves {amount}")).format(amount=view.saving)
        line.append(Span(f"  {saving}", Ink.DONE))
    return _panel(
        look, t(N_("TOTAL")) + f" {view.currency}", (view.total, longest_number(view)), tuple(line)
    )


class WeightPanel(Painted):
    """What lies on the pan."""

    def paint(self, view: TillView, look: Look) -> list[Row]:
        """See `weight_panel`."""
        return weight_panel(view, look)


class PricePanel(Painted):
    """What a kilogram or piece costs."""

    def paint(self, view: TillView, look: Look) -> list[Row]:
        """See `price_panel`."""
        return price_panel(view, look)


class AmountPanel(Painted):
    """What the goods on the pan cost."""

    def paint(self, view: TillView, look: Look) -> list[Row]:
        """See `amount_panel`."""
        return amount_panel(view, look)


class TotalPanel(Painted):
    """What the sale costs."""

    def paint(self, view: TillView, look: Look) -> list[Row]:
        """See `total_panel`."""
        return total_panel(view, look)
