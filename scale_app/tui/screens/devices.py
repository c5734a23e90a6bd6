"""Each link one row: its state and what to do; and what is still to be sent."""

from scale_app.tui.paint import Ink, Row, Span, box, left, row
from scale_app.tui.widgets.numbers import weight_word
from scale_app.tui.widgets.painted import Look, Painted
from scale_app.view import LinkState, TillView
from scale_app.words import N_

_SAID: dict[LinkState, tuple[str, Ink]] = {
    LinkState.OK: (N_("ok"), Ink.DONE),
    LinkState.SLOW: (N_("SLOW"), Ink.WARN),
    LinkState.OFF: (N_("OFF"), Ink.FAULT),
    LinkState.NONE: (N_("none"), Ink.DIM),
}
_DO: dict[str, str] = {
    "net": N_("Cash works without it. Look at the router or the SIM."),
    "scale": N_("Look at its cable and power. Piece goods can be sold."),
    "reader": N_("Unplug it and plug it in again. Cash works."),
}


def _device(name: str, link: tuple[str, LinkState], look: Look, extra: str = "") -> Row:
    key, state = link
    word, ink = _SAID[state]
    bad = state in (LinkState.OFF, LinkState.SLOW)
    note = look.t(_DO[key]) if bad else extra
    return row(
        Span(left(f" {name}", 16), Ink.STRONG),
        Span(left(look.t(word), 9), ink),
        Span(note, Ink.PLAIN if bad else Ink.DIM),
    )


def _fact(name: str, value: str) -> Row:
    return row(Span(left(f" {name}", 24), Ink.DIM), Span(value))


def devices_page(view: TillView, look: Look) -> list[Row]:
    """Network, scale, reader, outbox, and who we are."""
    t, links = look.t, view.links
    weight = t(weight_word(view)[0])
    shop = " / ".join(part for part in (view.store, view.stall) if part)
    waiting = t(N_("{count} to send, the oldest {seconds} s old"))
    nothing = t(N_("Everything is sent."))
    queue = waiting.format(count=links.unsent, seconds=links.oldest_unsent_s)
    outbox, terminal, shop_word = t(N_("Outbox")), t(N_("Terminal")), t(N_("Shop"))
    cashier, sales = t(N_("Cashier")), t(N_("Sales in this shift"))
    rows = [
        _device(t(N_("Network")), ("net", links.net), look),
        _device(t(N_("Scale")), ("scale", links.scale), look, weight),
        _device(t(N_("Card reader")), ("reader", links.reader), look),
        row(
            Span(left(f" {outbox}", 16), Ink.STRONG),
            Span(queue if links.unsent else nothing, Ink.WARN if links.unsent else Ink.DONE),
        ),
        row(),
        _fact(terminal, view.terminal),
        _fact(shop_word, shop),
        _fact(cashier, view.cashier),
        _fact(sales, str(view.sales_today)),
    ]
    foot = t(N_("Backspace = back to the sale"))
    return box(rows, (look.width, look.height), t(N_("DEVICES")), foot)


class DevicesPage(Painted):
    """F9."""

    def paint(self, view: TillView, look: Look) -> list[Row]:
        """See `devices_page`."""
        return devices_page(view, look)
