"""What can happen at a till, as data; doors and screens put these on the core's one bounded queue.

Nothing here knows a device: a screen sends `KeyPressed`, the card door's thread sends what it read,
the serial thread sends readings, the link's thread sends what arrived.
"""

from dataclasses import dataclass
from enum import StrEnum


class Key(StrEnum):
    """Meaning of a key after the key map (`scale_app.tui.keys`); hot keys carry their character."""

    ITEM = "item"
    """A hot key; `KeyPressed.text` is its digit or letter."""
    DIGIT = "digit"
    """A digit while number entry is open; `text` is 0-9 or `.`."""
    ENTRY = "entry"
    """Opens number entry."""
    ENTER = "enter"
    """Number entry: take as PLU. Otherwise: exact cash, or yes to a guard."""
    TIMES = "times"
    """Number entry: so many pieces of the next item."""
    DELETE_LINE = "delete-line"
    BACK = "back"
    TARE = "tare"
    """Weighed tare; typed tare while number entry is open (kg with `.`)."""
    CLEAR_TARE = "clear-tare"
    CARD = "card"
    """Ask for the balance of the card on the reader."""
    CASH = "cash"
    PAY = "pay"
    """Pay with the card on the reader (where a tap only shows the member price)."""
    SHIFT = "shift"
    """X report; again for Z (guarded)."""
    CASHIER = "cashier"
    LANGUAGE = "language"
    HELP = "help"
    DEVICES = "devices"
    QUIT = "quit"
    PARK = "park"
    """Parks the basket, or fetches a parked one; a digit names the slot."""
    UNDO = "undo"
    """Takes the last sale back, within half a minute; a digit then says why."""
    LABEL = "label"
    """Prints a label for the goods weighed last and takes them out of the basket."""
    ROUND_OFF = "round-off"
    """Lets the last coins of the total go, where that is allowed; again: takes it back."""


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """One key, already mapped."""

    key: Key
    text: str = ""


@dataclass(frozen=True, slots=True)
class BarcodeScanned:
    """A fast burst of characters ending in Enter, as a scanner types it; never a price."""

    text: str
