"""One tender's life as a table, for cards with an account: pure, and total.

    INTENT -> AUTH_WAIT -> PAID | DECLINED | REVERSING -> REVERSED

Every effect is one committed transaction of the journal, and the state moves only after it. What
stands in no row changes nothing: an approval that comes after REVERSING is counted, never used.
AUTH_WAIT need not be durable: a restart treats it like INTENT.
"""

from enum import StrEnum


class TenderState(StrEnum):
    """Where a tender stands; the journal keeps the value."""

    NEW = "NEW"
    INTENT = "INTENT"
    AUTH_WAIT = "AUTH_WAIT"
    PAID = "PAID"
    DECLINED = "DECLINED"
    REVERSING = "REVERSING"
    REVERSED = "REVERSED"


class TenderEvent(StrEnum):
    """What happens to a tender."""

    PAY = "pay"
    SENT = "sent"
    APPROVED = "approved"
    REFUSED = "refused"
    NO_ANSWER = "no-answer"
    CANCELLED = "cancelled"
    RESTARTED = "restarted"
    UNDONE = "undone"


class Effect(StrEnum):
    """What must be durable before the new state holds."""

    NOTHING = "nothing"
    SAVE_INTENT = "save-intent"
    ASK = "ask"
    SAVE_PAID = "save-paid"
    SAVE_DECLINED = "save-declined"
    SAVE_REVERSING = "save-reversing"
    SAVE_REVERSED = "save-reversed"


_S, _E, _F = TenderState, TenderEvent, Effect

TABLE: dict[tuple[TenderState, TenderEvent], tuple[TenderState, Effect]] = {
    (_S.NEW, _E.PAY): (_S.INTENT, _F.SAVE_INTENT),
    (_S.INTENT, _E.SENT): (_S.AUTH_WAIT, _F.ASK),
    (_S.INTENT, _E.RESTARTED): (_S.REVERSING, _F.SAVE_REVERSING),
    (_S.AUTH_WAIT, _E.RESTARTED): (_S.REVERSING, _F.SAVE_REVERSING),
    (_S.AUTH_WAIT, _E.APPROVED): (_S.PAID, _F.SAVE_PAID),
    (_S.AUTH_WAIT, _E.REFUSED): (_S.DECLINED, _F.SAVE_DECLINED),
    (_S.AUTH_WAIT, _E.NO_ANSWER): (_S.REVERSING, _F.SAVE_REVERSING),
    (_S.AUTH_WAIT, _E.CANCELLED): (_S.REVERSING, _F.SAVE_REVERSING),
    (_S.REVERSING, _E.UNDONE): (_S.REVERSED, _F.SAVE_REVERSED),
}


def after(state: TenderState, event: TenderEvent) -> tuple[TenderState, Effect]:
    """The next state and what must be saved for it; unchanged when the event comes too late."""
    return TABLE.get((state, event), (state, Effect.NOTHING))


OPEN = frozenset({TenderState.INTENT, TenderState.AUTH_WAIT, TenderState.REVERSING})
"""States in which money may still move."""
