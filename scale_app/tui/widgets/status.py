"""The first row: network, scale, card reader, what is unsent, where and who. Pure words."""

from scale_app.tui.paint import Ink, Row, Span, row, row_width, spread
from scale_app.tui.widgets.painted import Look, Painted
from scale_app.view import Links, LinkState, Stage, TillView, WeightState
from scale_app.words import N_, Translate

_LINK_WORDS: dict[LinkState, tuple[str, Ink]] = {
    LinkState.OK: (N_("ok"), Ink.DONE),
    LinkState.SLOW: (N_("SLOW"), Ink.WARN),
    LinkState.OFF: (N_("OFF"), Ink.FAULT),
    LinkState.NONE: (N_("none"), Ink.DIM),
}


DAY_S = 86_400
"""After a day without the office no card pays offline, and somebody has to look."""
_AGES = ((DAY_S, "d"), (3_600, "h"), (60, "m"))

_OPENING = Links(LinkState.NONE, LinkState.NONE, LinkState.NONE)
"""Shown until the doors have been tried: a lost device is not claimed before."""


def _link(label: str, state: LinkState, t: Translate, off: str = "") -> list[Span]:
    word, ink = _LINK_WORDS[state]
    said = t(off) if state is LinkState.OFF and off else t(word)
    return [Span(f"{label} ", Ink.DIM), Span(said, ink)]


def _outbox(links: Links) -> Span:
    """How many records wait, and how long the oldest does: `12 5m`, `12 3h`, `12 2d`."""
    if not links.unsent:
        return Span("0", Ink.DONE)
    age = next(
        (f" {links.oldest_unsent_s // unit}{word}" for unit, word in _AGES
         if links.oldest_unsent_s >= unit),
        "",
    )  # fmt: skip
    return Span(f"{links.unsent}{age}", Ink.FAULT if links.oldest_unsent_s >= DAY_S else Ink.WARN)


def status_row(view: TillView, look: Look) -> Row:
    """NET, SCALE, CARD, SEND at the left; terminal, cashier and clock at the right."""
    t, bar = look.t, Span(" | ", Ink.DIM)
    links = _OPENING if view.stage is Stage.STARTING else view.links
    net = _link(t(N_("NET")), links.net, t)
    if links.net is LinkState.OFF and links.net_off_since:
        net.append(Span(f" {links.net_off_since}", Ink.FAULT))
    scale = _link(t(N_("SCALE")), links.scale, t, N_("LOST"))
    if links.scale is LinkState.OK and view.weight_state is WeightState.FAULT:
        scale = [Span(t(N_("SCALE")) + " ", Ink.DIM), Span(t(N_("FAULT")), Ink.FAULT)]
    reader = _link(t(N_("CARD")), links.reader, t, N_("LOST"))
    sending = [Span(t(N_("SEND")) + " ", Ink.DIM), _outbox(links)]
    start = [Span(" "), *net, bar, *scale, bar, *reader, bar, *sending]
    who = " ".join(part for part in (view.terminal, view.cashier, view.clock) if part)
    room = look.width - row_width(start) - 2
    if room < 8:
        who = view.clock
    return spread(start, row(Span(who, Ink.PLAIN), Span(" ")), look.width)


class StatusRow(Painted):
    """The first row of every page."""

    def paint(self, view: TillView, look: Look) -> list[Row]:
        """See `status_row`."""
        return [status_row(view, look)]
