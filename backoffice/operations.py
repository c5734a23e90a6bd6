"""One try to pay with a card, as the office sees it: a pure table of states and events.

Approval posts at once. A state never leaves SETTLED or
REVERSED except to note money that came in spite of it, and that never loses the money: it is posted
and raises an alarm.
"""

from dataclasses import dataclass
from enum import IntEnum, auto


class OpState(IntEnum):
    """What became of an operation; the number is kept in the books."""

    NONE = 0
    """Unknown, or only its INTENT was uploaded: nothing was asked."""
    APPROVED = 1
    DECLINED = 2
    REVERSED = 3
    TOMBSTONE = 4
    """Taken back before it was ever asked: it can never be approved."""
    SETTLED = 5
    """Approved and paid: the sale is final."""
    STOOD_IN = 6
    """Paid without our approval, posted all the same."""
    PAID_FIRST = 7
    """PAID came before the INTENT that it names; waits for it."""


class Event(IntEnum):
    """What a scale may say about an operation."""

    ASK = auto()
    """INTENT to authorise, the card checks passed."""
    ASK_REFUSED = auto()
    """INTENT to authorise, a check failed."""
    REVERSE = auto()
    PAID = auto()
    PAID_EARLY = auto()
    """PAID naming an INTENT that is not here yet."""
    INTENT_CAME = auto()
    """The INTENT arrived by upload."""


class Effect(IntEnum):
    """What the office does about it."""

    POST = auto()
    """Take the money from the card, store the answer."""
    DECLINE = auto()
    DECLINE_REVERSED = auto()
    REPEAT = auto()
    """Give the stored answer."""
    POST_BACK = auto()
    NOTE = auto()
    """Nothing moves; the answer says what it was."""
    REFUSE = auto()
    """Conflict and alarm: a paid sale is undone by a refund, not by a reversal."""
    SETTLE = auto()
    """The approved money becomes a sale."""
    STAND_IN = auto()
    """The scale took it without us: post, even below zero, and raise an alarm."""
    WAIT = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """Next state and what to do."""

    state: OpState
    effect: Effect


_S, _E, _X = OpState, Event, Effect

TABLE: dict[tuple[OpState, Event], Step] = {
    (_S.NONE, _E.ASK): Step(_S.APPROVED, _X.POST),
    (_S.NONE, _E.ASK_REFUSED): Step(_S.DECLINED, _X.DECLINE),
    (_S.NONE, _E.REVERSE): Step(_S.TOMBSTONE, _X.NOTE),
    (_S.NONE, _E.PAID): Step(_S.STOOD_IN, _X.STAND_IN),
    (_S.NONE, _E.PAID_EARLY): Step(_S.PAID_FIRST, _X.WAIT),
    (_S.NONE, _E.INTENT_CAME): Step(_S.NONE, _X.NOTE),
    (_S.APPROVED, _E.ASK): Step(_S.APPROVED, _X.REPEAT),
    (_S.APPROVED, _E.ASK_REFUSED): Step(_S.APPROVED, _X.REPEAT),
    (_S.APPROVED, _E.REVERSE): Step(_S.REVERSED, _X.POST_BACK),
    (_S.APPROVED, _E.PAID): Step(_S.SETTLED, _X.SETTLE),
    (_S.DECLINED, _E.ASK): Step(_S.DECLINED, _X.REPEAT),
    (_S.DECLINED, _E.ASK_REFUSED): Step(_S.DECLINED, _X.REPEAT),
    (_S.DECLINED, _E.REVERSE): Step(_S.DECLINED, _X.NOTE),
    (_S.DECLINED, _E.PAID): Step(_S.STOOD_IN, _X.STAND_IN),
    (_S.REVERSED, _E.ASK): Step(_S.REVERSED, _X.DECLINE_REVERSED),
    (_S.REVERSED, _E.ASK_REFUSED): Step(_S.REVERSED, _X.DECLINE_REVERSED),
    (_S.REVERSED, _E.REVERSE): Step(_S.REVERSED, _X.NOTE),
    (_S.REVERSED, _E.PAID): Step(_S.STOOD_IN, _X.STAND_IN),
    (_S.TOMBSTONE, _E.ASK): Step(_S.TOMBSTONE, _X.DECLINE_REVERSED),
    (_S.TOMBSTONE, _E.ASK_REFUSED): Step(_S.TOMBSTONE, _X.DECLINE_REVERSED),
    (_S.TOMBSTONE, _E.REVERSE): Step(_S.TOMBSTONE, _X.NOTE),
    (_S.TOMBSTONE, _E.PAID): Step(_S.STOOD_IN, _X.STAND_IN),
    (_S.TOMBSTONE, _E.PAID_EARLY): Step(_S.PAID_FIRST, _X.WAIT),
    (_S.SETTLED, _E.ASK): Step(_S.SETTLED, _X.REPEAT),
    (_S.SETTLED, _E.ASK_REFUSED): Step(_S.SETTLED, _X.REPEAT),
    (_S.SETTLED, _E.REVERSE): Step(_S.SETTLED, _X.REFUSE),
    (_S.SETTLED, _E.PAID): Step(_S.SETTLED, _X.REFUSE),
    (_S.STOOD_IN, _E.ASK): Step(_S.STOOD_IN, _X.DECLINE_REVERSED),
    (_S.STOOD_IN, _E.ASK_REFUSED): Step(_S.STOOD_IN, _X.DECLINE_REVERSED),
    (_S.STOOD_IN, _E.REVERSE): Step(_S.STOOD_IN, _X.REFUSE),
    (_S.STOOD_IN, _E.PAID): Step(_S.STOOD_IN, _X.REFUSE),
    (_S.PAID_FIRST, _E.ASK): Step(_S.STOOD_IN, _X.STAND_IN),
    (_S.PAID_FIRST, _E.ASK_REFUSED): Step(_S.STOOD_IN, _X.STAND_IN),
    (_S.PAID_FIRST, _E.INTENT_CAME): Step(_S.STOOD_IN, _X.STAND_IN),
    (_S.PAID_FIRST, _E.REVERSE): Step(_S.PAID_FIRST, _X.REFUSE),
    (_S.PAID_FIRST, _E.PAID): Step(_S.STOOD_IN, _X.STAND_IN),
    (_S.PAID_FIRST, _E.PAID_EARLY): Step(_S.PAID_FIRST, _X.REFUSE),
}


def step(state: OpState, event: Event) -> Step:
    """Next state and effect; what is not in the table changes nothing."""
    return TABLE.get((state, event), Step(state, Effect.NOTE))
