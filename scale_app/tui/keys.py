"""The published key map of the till: keypad and letters, one meaning each. Pure.

Terminals name keypad keys in two ways: `add`, `decimal` ... with the kitty keyboard protocol
(foot, kitty), `plus`, `full_stop` ... elsewhere. Both are bound. Hot keys come from the snapshot:
a digit or letter that stands on the item grid is that item.
"""

from dataclasses import dataclass

from scale_app.events import Key, KeyPressed
from scale_app.view import Stage, TillView
from scale_app.words import N_


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One line of the key map: names Textual gives the key, how it is printed, what it does."""

    names: tuple[str, ...]
    cap: str
    key: Key
    meaning: str


KEY_MAP: tuple[KeyRow, ...] = (
    KeyRow(("enter",), "Enter", Key.ENTER, N_("Cash; yes; take the number")),
    KeyRow(("plus", "add"), "+", Key.PAY, N_("Pay with the card lying there")),
    KeyRow(("minus", "hyphen_minus", "subtract"), "-", Key.DELETE_LINE, N_("Delete the last line")),
    KeyRow(("asterisk", "multiply"), "*", Key.TIMES, N_("Pieces of the next item")),
    KeyRow(
        ("0", "full_stop", "decimal", "slash", "divide"),
        "0 . /",
        Key.ENTRY,
        N_("Type a number"),
    ),
    KeyRow(("backspace", "escape", "delete"), "Bksp", Key.BACK, N_("Back, clear, no")),
    KeyRow(("f1", "question_mark"), "F1", Key.HELP, N_("This page")),
    KeyRow(("f2",), "F2", Key.CARD, N_("Balance of the card")),
    KeyRow(("f3",), "F3", Key.TARE, N_("Tare of the pan, or typed kg")),
    KeyRow(("f4",), "F4", Key.CLEAR_TARE, N_("Clear the tare")),
    KeyRow(("f5",), "F5", Key.LANGUAGE, N_("English / Chinese")),
    KeyRow(("f6",), "F6", Key.CASHIER, N_("Change the cashier")),
    KeyRow(("f7",), "F7", Key.CASH, N_("Exact cash")),
    KeyRow(("f8",), "F8", Key.SHIFT, N_("Shift report; again: close")),
    KeyRow(("f9",), "F9", Key.DEVICES, N_("Devices, unsent records")),
    KeyRow(("end", "f11"), "End", Key.ROUND_OFF, N_("Round off; again: exact")),
    KeyRow(("tab", "ctrl+l"), "Tab", Key.LABEL, N_("Label for the goods weighed")),
    KeyRow(("home",), "Home", Key.PARK, N_("Park, fetch a basket: 1-8")),
    KeyRow(("insert", "ctrl+z"), "Ins", Key.UNDO, N_("Take the last sale back")),
    KeyRow(("f10", "ctrl+q", "ctrl+c"), "F10", Key.QUIT, N_("Close the program")),
)
"""Everything but the hot keys (1-9 and letters, as printed on the item grid)."""

_FIXED = {name: line.key for line in KEY_MAP for name in line.names}
_POINT = frozenset({"full_stop", "decimal"})
_ANSWERS = {"y": Key.ENTER, "n": Key.BACK}


def key_pressed(name: str, view: TillView) -> KeyPressed | None:
    """What the key Textual calls `name` means on the screen showing `view`; None = nothing."""
    if view.stage is Stage.GUARD and name in _ANSWERS:
        return KeyPressed(_ANSWERS[name])
    if view.entry:
        if len(name) == 1 and name.isascii() and name.isdigit():
            return KeyPressed(Key.DIGIT, name)
        if name in _POINT:
            return KeyPressed(Key.DIGIT, ".")
    hot = _hot_key(name, view)
    if hot is not None:
        return hot
    fixed = _FIXED.get(name)
    if fixed is Key.ENTRY:
        # What stands on the key goes with it: the core may know of an open entry before we do.
        return KeyPressed(fixed, "." if name in _POINT else name if name == "0" else "")
    return KeyPressed(fixed) if fixed is not None else None


def _hot_key(name: str, view: TillView) -> KeyPressed | None:
    """The item on that key; a bare digit is always an item, so the core can say it is not set."""
    letter = name.removeprefix("upper_").lower()
    if len(letter) != 1 or not letter.isascii() or not letter.isalnum():
        return None
    if any(item.key == letter for item in view.items) or letter in "123456789":
        return KeyPressed(Key.ITEM, letter)
    return None
