"""One tender's life as a table: pure, and total.

    account at the office   INTENT -> AUTH_WAIT -> PAID | DECLINED | REVERSING -> REVERSED
                            without an answer, within the limits: AUTH_WAIT -> PAID (offline)
    money on the chip       INTENT -> CARD_DEBIT -> PAID | DECLINED | CARD_UNSURE
                            CARD_UNSURE -> PAID | DECLINED | REVIEW | UNSURE_CLOSED | UNSURE_CASH

A card in doubt is judged by what the card itself proves, today or whenever it comes back. Closed
by the cashier the doubt stays open: UNSURE_CLOSED kept the goods here (proof later: PAID),
UNSURE_CASH gave them for cash (proof later: OWED, the holder gets the money back).

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
    CARD_DEBIT = "CARD_DEBIT"
    CARD_UNSURE = "CARD_UNSURE"
    UNSURE_CLOSED = "UNSURE_CLOSED"
    UNSURE_CASH = "UNSURE_CASH"
    REVIEW = "REVIEW"
    OWED = "OWED"


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
    DEBITING = "debiting"
    PROVED = "proved"
    NOT_TAKEN = "not-taken"
    UNCERTAIN = "uncertain"
    DISPUTED = "disputed"
    PARKED = "parked"
    CASH_INSTEAD = "cash-instead"
    STOOD_IN = "stood-in"
    """Nobody answered, and the limits allow the sale all the same."""


class Effect(StrEnum):
    """What must be durable before the new state holds."""

    NOTHING = "nothing"
    SAVE_INTENT = "save-intent"
    ASK = "ask"
    SAVE_PAID = "save-paid"
    SAVE_OFFLINE = "save-offline"
    SAVE_DECLINED = "save-declined"
    SAVE_REVERSING = "save-reversing"
    SAVE_REVERSED = "save-reversed"
    SAVE_DEBIT = "save-debit"
    SAVE_DOUBT = "save-doubt"
    SAVE_UNSURE = "save-unsure"


_S, _E, _F = TenderState, TenderEvent, Effect

TABLE: dict[tuple[TenderState, TenderEvent], tuple[TenderState, Effect]] = {
    (_S.NEW, _E.PAY): (_S.INTENT, _F.SAVE_INTENT),
    (_S.INTENT, _E.SENT): (_S.AUTH_WAIT, _F.ASK),
    (_S.INTENT, _E.STOOD_IN): (_S.PAID, _F.SAVE_OFFLINE),
    (_S.INTENT, _E.RESTARTED): (_S.REVERSING, _F.SAVE_REVERSING),
    (_S.AUTH_WAIT, _E.RESTARTED): (_S.REVERSING, _F.SAVE_REVERSING),
    (_S.AUTH_WAIT, _E.APPROVED): (_S.PAID, _F.SAVE_PAID),
    (_S.AUTH_WAIT, _E.REFUSED): (_S.DECLINED, _F.SAVE_DECLINED),
    (_S.AUTH_WAIT, _E.STOOD_IN): (_S.PAID, _F.SAVE_OFFLINE),
    (_S.AUTH_WAIT, _E.NO_ANSWER): (_S.REVERSING, _F.SAVE_REVERSING),
    (_S.AUTH_WAIT, _E.CANCELLED): (_S.REVERSING, _F.SAVE_REVERSING),
    (_S.REVERSING, _E.UNDONE): (_S.REVERSED, _F.SAVE_REVERSED),
    (_S.INTENT, _E.NOT_TAKEN): (_S.DECLINED, _F.SAVE_DECLINED),
    (_S.INTENT, _E.DEBITING): (_S.CARD_DEBIT, _F.SAVE_DEBIT),
    (_S.CARD_DEBIT, _E.PROVED): (_S.PAID, _F.SAVE_PAID),
    (_S.CARD_DEBIT, _E.NOT_TAKEN): (_S.DECLINED, _F.SAVE_DECLINED),
    (_S.CARD_DEBIT, _E.DISPUTED): (_S.REVIEW, _F.SAVE_UNSURE),
    (_S.CARD_DEBIT, _E.UNCERTAIN): (_S.CARD_UNSURE, _F.SAVE_DOUBT),
    (_S.CARD_DEBIT, _E.RESTARTED): (_S.UNSURE_CLOSED, _F.SAVE_UNSURE),
    (_S.CARD_UNSURE, _E.PROVED): (_S.PAID, _F.SAVE_PAID),
    (_S.CARD_UNSURE, _E.NOT_TAKEN): (_S.DECLINED, _F.SAVE_DECLINED),
    (_S.CARD_UNSURE, _E.DISPUTED): (_S.REVIEW, _F.SAVE_UNSURE),
    (_S.CARD_UNSURE, _E.PARKED): (_S.UNSURE_CLOSED, _F.SAVE_UNSURE),
    (_S.CARD_UNSURE, _E.CASH_INSTEAD): (_S.UNSURE_CASH, _F.SAVE_UNSURE),
    (_S.CARD_UNSURE, _E.RESTARTED): (_S.UNSURE_CLOSED, _F.SAVE_UNSURE),
    (_S.UNSURE_CLOSED, _E.PROVED): (_S.PAID, _F.SAVE_PAID),
    (_S.UNSURE_CLOSED, _E.NOT_TAKEN): (_S.DECLINED, _F.SAVE_DECLINED),
    (_S.UNSURE_CLOSED, _E.DISPUTED): (_S.REVIEW, _F.SAVE_UNSURE),
    (_S.UNSURE_CASH, _E.PROVED): (_S.OWED, _F.SAVE_UNSURE),
    (_S.UNSURE_CASH, _E.NOT_TAKEN): (_S.DECLINED, _F.SAVE_DECLINED),
    (_S.UNSURE_CASH, _E.DISPUTED): (_S.REVIEW, _F.SAVE_UNSURE),
}


def after(state: TenderState, event: TenderEvent) -> tuple[TenderState, Effect]:
    """The next state and what must be saved for it; unchanged when the event comes too late."""
    return TABLE.get((state, event), (state, Effect.NOTHING))


DOUBTS = frozenset(
    {
        TenderState.CARD_DEBIT,
        TenderState.CARD_UNSURE,
        TenderState.UNSURE_CLOSED,
        TenderState.UNSURE_CASH,
    }
)
"""A purse was told to pay, and whether it did is not known yet."""

OPEN = DOUBTS | {TenderState.INTENT, TenderState.AUTH_WAIT, TenderState.REVERSING}
"""States in which money may still move."""
