"""Keys that take a closed sale back: which one, why, and the PIN of a second person. Pure.

last half minute     UNDO, reason
older, of the shift  UNDO (again), which, reason, PIN, ENTER
"""

from broker.messages import RefundReason
from scale_app.checkout.copying import replace
from scale_app.checkout.desk import Desk, Guard, SalesOffered
from scale_app.checkout.happenings import (
    Action,
    AskSales,
    AskUndo,
    KeyIn,
    PinRefused,
    Undo,
    UndoOffered,
    Void,
)
from scale_app.say import Say
from scale_app.view import Severity, Stage

Step = tuple[Desk, tuple[Action, ...]]

MOST_PIN_DIGITS = 8

REASONS = {str(int(reason)): reason for reason in RefundReason}
"""By the digit that chooses it."""


def undo(desk: Desk, _key: KeyIn) -> Step:
    """Takes the last sale back; asks why first."""
    if not desk.is_idle:
        return desk.say(Say.FINISH_FIRST, Severity.WARN), ()
    return desk, (AskUndo(),)


def undo_offered(desk: Desk, happening: UndoOffered) -> Step:
    """The question why; a digit of the list answers it, anything else says no."""
    return replace(
        desk, stage=Stage.GUARD, guard=Guard.UNDO, guarded_from=Stage.SELLING,
        undoing=happening.receipt, message=happening.message,
    ), ()  # fmt: skip


def sales_offered(desk: Desk, happening: SalesOffered) -> Step:
    """The sales of the shift; a digit chooses one, the same key shows older ones."""
    asking = replace(
        desk, stage=Stage.GUARD, guard=Guard.VOID_WHICH, guarded_from=Stage.SELLING,
        choices=happening, receipt=happening.rows, report_shown=False,
    )  # fmt: skip
    return asking.say(Say.VOID_WHICH, Severity.WARN), ()


def more(desk: Desk) -> Step | None:
    """The key again while it is asked: other sales than the last one, or older ones."""
    if desk.guard is Guard.UNDO:
        return replace(desk, guard=None, stage=Stage.SELLING), (AskSales(0),)
    if desk.guard is Guard.VOID_WHICH and desk.choices is not None:
        return replace(desk, guard=None, stage=Stage.SELLING), (AskSales(desk.choices.page + 1),)
    return None


def digit(desk: Desk, text: str) -> Step | None:
    """What a digit answers; None when it answers nothing here."""
    if desk.guard is Guard.PIN:
        typed = desk.entry or ""
        if text.isdecimal() and len(typed) < MOST_PIN_DIGITS:
            desk = replace(desk, entry=typed + text)
        return desk, ()
    if desk.guard is Guard.VOID_WHICH:
        return _which(desk, text)
    if desk.guard is Guard.VOID_WHY and text in REASONS:
        asked = replace(desk, guard=Guard.PIN, entry="", reason=int(REASONS[text]))
        return asked.say(Say.SECOND_PERSON, Severity.WARN), ()
    if desk.guard is Guard.UNDO and text in REASONS:
        asked = replace(desk, stage=Stage.ASKING, guard=None, closing=None, message=None)
        return asked, (Undo(desk.undoing, int(REASONS[text])),)
    return None


def _which(desk: Desk, text: str) -> Step | None:
    choices = desk.choices
    if choices is None or not text.isdecimal() or not 1 <= int(text) <= len(choices.receipts):
        return desk, ()
    receipt, total = choices.receipts[int(text) - 1], choices.sums[int(text) - 1]
    chosen = replace(desk, guard=Guard.VOID_WHY, undoing=receipt, receipt=())
    return chosen.say(Say.UNDO_SALE, Severity.WARN, receipt=f"{receipt:06d}", total=total), ()


def pin_given(desk: Desk) -> Step:
    """ENTER after the PIN; without a digit it waits on."""
    if not desk.entry:
        return desk, ()
    asked = replace(desk, stage=Stage.ASKING, guard=None, entry=None, closing=None, message=None)
    return asked, (Void(desk.undoing, desk.reason, desk.entry),)


def pin_taken_back(desk: Desk) -> Step | None:
    """BACK takes the last digit; None when there is none."""
    if desk.guard is not Guard.PIN or not desk.entry:
        return None
    return replace(desk, entry=desk.entry[:-1]), ()


def pin_refused(desk: Desk, happening: PinRefused) -> Step:
    """Wrong, or not now: the question stays open."""
    return replace(
        desk, stage=Stage.GUARD, guard=Guard.PIN, guarded_from=Stage.SELLING, entry="",
        message=happening.message,
    ), ()  # fmt: skip


def forgotten(desk: Desk) -> Desk:
    """Nothing is taken back: the list, the choice and the digits of a PIN are gone."""
    if desk.guard not in (Guard.UNDO, Guard.VOID_WHICH, Guard.VOID_WHY, Guard.PIN):
        return desk
    return replace(desk, undoing=0, reason=0, choices=None, entry=None, receipt=())
