"""The rows below: the total with the open number, the alert row, the key hints."""

from scale_app.tui.paint import Ink, Row, Span, fit, row, row_width, spread
from scale_app.tui.sentences import sentence
from scale_app.tui.widgets.painted import Look, Painted
from scale_app.view import LinkState, Severity, Stage, TillView
from scale_app.words import N_, Translate

_SEVERITY: dict[Severity, tuple[str, Ink]] = {
    Severity.INFO: ("", Ink.INFO),
    Severity.DONE: ("", Ink.DONE),
    Severity.WARN: (N_("ATTENTION"), Ink.WARN),
    Severity.FAULT: (N_("FAULT"), Ink.FAULT),
}
Hint = tuple[str, str]
SALE_HINTS: tuple[Hint, ...] = (
    ("1-9 a-z", N_("item key")),
    ("Enter", N_("cash")),
    ("+", N_("card")),
    ("-", N_("delete")),
    ("0", N_("number")),
    ("*", N_("pieces")),
    ("Bksp", N_("back")),
)
ALL_PAGE_HINTS: tuple[Hint, ...] = (
    ("F1", N_("help")),
    ("F2", N_("balance")),
    ("F3", N_("tare")),
    ("F4", N_("no tare")),
    ("F5", "EN/ZH"),
    ("F6", N_("cashier")),
    ("F7", N_("cash")),
    ("F8", N_("shift")),
    ("F9", N_("devices")),
    ("F10", N_("quit")),
)
PAGE_HINTS: tuple[Hint, ...] = (
    ("F1", N_("help")),
    ("F2", N_("balance")),
    ("F3", N_("tare")),
    ("F5", "EN/ZH"),
    ("F8", N_("shift")),
    ("F9", N_("devices")),
    ("F10", N_("quit")),
)


def total_row(view: TillView, look: Look) -> Row:
    """Total, what it is without the card, the saving; the open number entry at the right."""
    t = look.t
    total, number = t(N_("TOTAL")), t(N_("NUMBER"))
    start = [
        Span(f" {total} {view.currency} {view.total} ", Ink.INFO_BAR),
        Span("  " + t(N_("items: {count}")).format(count=len(view.lines))),
    ]
    if view.cash_total:
        cash = t(N_("in cash {amount}")).format(amount=view.cash_total)
        start.append(Span(f"  {cash}", Ink.STRONG))
    if view.shelf_total:
        without = t(N_("without card {amount}")).format(amount=view.shelf_total)
        start.append(Span(f"  {without}", Ink.STRONG))
    if view.saving:
        start.append(Span("  " + t(N_("saves {amount}")).format(amount=view.saving), Ink.DONE))
    entry = [Span(f" {number} {view.entry} ", Ink.LATCHED)] if view.entry else _parked(view, look)
    return spread(start, entry, look.width)


def _parked(view: TillView, look: Look) -> list[Span]:
    """Which baskets are put aside; with their totals where there is room."""
    if not view.parked:
        return []
    slots = view.parked if look.width >= 100 else [one.split(" ")[0] for one in view.parked]
    return [Span(f" {look.t(N_('parked'))} {' '.join(slots)} ", Ink.DIM)]


def link_alert(view: TillView, t: Translate) -> Row:
    """The worst fault of the links and what still works; empty when all is well."""
    links = view.links
    if view.stage is Stage.STARTING:
        return row()
    if links.scale is LinkState.OFF:
        return row(Span(t(N_("Scale lost: check its cable. Piece goods only.")), Ink.FAULT))
    if links.net is LinkState.OFF:
        since = t(N_("Network off since {time}: cash works, cards wait."))
        alone = t(N_("Network off: cash works, cards wait."))
        said = since.format(time=links.net_off_since) if links.net_off_since else alone
        return row(Span(said, Ink.WARN))
    if links.reader is LinkState.OFF:
        return row(Span(t(N_("Card reader lost: plug it in again. Cash works.")), Ink.WARN))
    if links.net is LinkState.SLOW:
        return row(Span(t(N_("The office answers slowly.")), Ink.WARN))
    return row()


def alert_row(view: TillView, look: Look) -> Row:
    """What was just said, else what is wrong; the word before it says how bad."""
    if view.message is None:
        return fit((Span(" "), *link_alert(view, look.t)), look.width)
    word, ink = _SEVERITY[view.message.severity]
    before = f" {look.t(word)}: " if word else " "
    return fit(row(Span(before + sentence(view.message, look.t), ink)), look.width)


def hint_row(hints: tuple[Hint, ...], look: Look) -> Row:
    """Keys and what they do, never wider than the screen."""
    spans = [Span(" ")]
    for cap, word in hints:
        piece = [Span(cap, Ink.KEY), Span(f" {look.t(word)}  ", Ink.DIM)]
        if row_width(spans) + row_width(piece) - 2 > look.width:
            break
        spans += piece
    return fit(spans, look.width)


class TotalRow(Painted):
    """What is to pay."""

    def paint(self, view: TillView, look: Look) -> list[Row]:
        """See `total_row`."""
        return [total_row(view, look)]


class AlertRow(Painted):
    """What the till wants to say."""

    def paint(self, view: TillView, look: Look) -> list[Row]:
        """See `alert_row`."""
        return [alert_row(view, look)]


class HintRows(Painted):
    """Which key does what."""

    def paint(self, view: TillView, look: Look) -> list[Row]:  # noqa: ARG002 - hints never change
        """See `hint_row`."""
        return [
            hint_row(SALE_HINTS, look),
            hint_row(PAGE_HINTS if look.width < 100 else ALL_PAGE_HINTS, look),
        ]
