"""PAID, REFUSED and the other big words, in the basket's place; the three numbers stay above."""

from dataclasses import dataclass

from scale_app.say import Say
from scale_app.tui.glyphs import BLOCK, big
from scale_app.tui.paint import Ink, Row, Span, box, centre, row, solid, wrap
from scale_app.tui.sentences import sentence
from scale_app.tui.widgets.painted import Look, Painted
from scale_app.view import Stage, TillView
from scale_app.words import N_, Translate


@dataclass(frozen=True, slots=True)
class Banner:
    """The big word of a stage, its inks and what to do next."""

    word: str
    bar: Ink
    block: Ink
    then: str


BANNERS: dict[Stage, Banner] = {
    Stage.STARTING: Banner(
        N_("STARTING"), Ink.INFO_BAR, Ink.BLOCK, N_("Opening the scale, the reader and the line.")
    ),
    Stage.NOT_READY: Banner(
        N_("NOT READY"),
        Ink.WARN_BAR,
        Ink.BLOCK,
        N_("Connect the network: selling starts by itself."),
    ),
    Stage.ASKING: Banner(
        N_("ASKING"), Ink.INFO_BAR, Ink.BLOCK, N_("Asking the office. Leave the card there.")
    ),
    Stage.PAID: Banner(
        N_("PAID"), Ink.DONE_BAR, Ink.DONE_BLOCK, N_("Next customer: press an item's key.")
    ),
    Stage.REFUSED: Banner(
        N_("REFUSED"),
        Ink.FAULT_BAR,
        Ink.FAULT_BLOCK,
        N_("Enter = cash, another card, or Backspace."),
    ),
    Stage.GUARD: Banner(
        N_("SURE?"), Ink.WARN_BAR, Ink.BLOCK, N_("Enter or y = yes, Backspace or n = no")
    ),
    Stage.STOPPED: Banner(
        N_("STOPPED"), Ink.FAULT_BAR, Ink.FAULT_BLOCK, N_("No sale is possible. Call for help.")
    ),
}

IN_DOUBT = Banner(
    N_("SAME CARD"), Ink.WARN_BAR, Ink.BLOCK, N_("Enter = cash, Backspace = next customer.")
)
"""While the card is waited for that was told to pay."""

_CHOOSE = Banner(N_("WHICH?"), Ink.WARN_BAR, Ink.BLOCK, N_("A digit chooses, Backspace = no"))
_PIN = Banner(N_("PIN"), Ink.WARN_BAR, Ink.BLOCK, N_("Digits, then Enter. Backspace = no"))
_QUESTIONS: dict[str, Banner] = {
    Say.UNDO_SALE: _CHOOSE,
    Say.VOID_WHICH: _CHOOSE,
    Say.PARK_WHICH: _CHOOSE,
    Say.SECOND_PERSON: _PIN,
    Say.PIN_WRONG: _PIN,
    Say.PIN_LOCKED: _PIN,
}
"""Guards that yes does not answer."""


def _banner(view: TillView) -> Banner:
    doubts = (Say.PUT_SAME_CARD_BACK, Say.OTHER_CARD)
    code = view.message.code if view.message is not None else ""
    if view.stage is Stage.GUARD and code in _QUESTIONS:
        return _QUESTIONS[code]
    waits = view.stage is Stage.ASKING and code in doubts
    return IN_DOUBT if waits else BANNERS[view.stage]


def _word_rows(banner: Banner, width: int, t: Translate) -> list[Row]:
    """The word in block letters where it can be drawn, else as a filled bar."""
    word = t(banner.word)
    letters = big(word, BLOCK, width)
    if letters and banner.block is not Ink.BLOCK:
        return [solid(centre(line, width), banner.block) for line in letters]
    spaced = " ".join(word) if word.isascii() else "  ".join(word)
    bar = [row(Span(" " * width, banner.bar))]
    return [*bar, row(Span(centre(spaced, width), banner.bar)), *bar]


def result_rows(view: TillView, width: int, t: Translate) -> list[Row]:
    """Big word, why, how much, what next."""
    banner = _banner(view)
    rows = [*_word_rows(banner, width, t)]
    if view.message is not None:
        said = wrap(sentence(view.message, t), width - 2)[:2]
        rows += [row(Span(centre(line, width), Ink.STRONG)) for line in said]
    if view.stage is Stage.PAID and view.change:
        change = t(N_("change {amount}")).format(amount=view.change)
        rows.append(row(Span(centre(change, width), Ink.STRONG)))
    rows += [row(Span(centre(line, width), Ink.INFO)) for line in wrap(t(banner.then), width - 2)]
    return rows


def result_panel(view: TillView, look: Look) -> list[Row]:
    """The big word in a box; nothing while selling."""
    if view.stage not in BANNERS:
        return []
    title = look.t(N_("receipt {number}")).format(number=view.receipt_number)
    shown = title if view.stage is Stage.PAID and view.receipt_number else ""
    return box(result_rows(view, look.width - 2, look.t), (look.width, look.height), shown)


class ResultPanel(Painted):
    """How it went."""

    def paint(self, view: TillView, look: Look) -> list[Row]:
        """See `result_panel`."""
        return result_panel(view, look)
