"""Patterns that a person should look at; pure. An alert never stops a sale by itself."""

from enum import StrEnum

REPEAT_WITHIN_MS = 10_000
"""The same card approved twice within this time, on different operations, is worth a look."""

STALE_AFTER_MS = 120_000
"""A sale to authorise older than this by its own clock was given up by its scale long ago."""


class Alert(StrEnum):
    """Words of the alert list; stable."""

    REPEATED_PAYMENT = "repeated-payment"
    CLONED_CARD = "cloned-card"
    TOKEN_LOST = "token-lost"  # noqa: S105  a word, no secret
    ENTRY_CONFLICT = "entry-conflict"
    OPERATION_CONFLICT = "operation-conflict"
    MESSAGE_REFUSED = "message-refused"
    CHAIN_BROKEN = "chain-broken"
    JOURNAL_FORK = "journal-fork"
    STAND_IN = "stand-in"
    REFUND_TOO_MUCH = "refund-too-much"
    CARD_IN_DEBT = "card-in-debt"
    TAC_WRONG = "tac-wrong"
    TAC_UNCHECKED = "tac-unchecked"
    COUNTER_GAP = "counter-gap"
    COUNTER_DUPLICATE = "counter-duplicate"
    COUNTER_FORK = "counter-fork"
    ROLLED_BACK = "rolled-back"
    LOAD_IN_DOUBT = "load-in-doubt"
    REVERSAL_REFUSED = "reversal-refused"
    OUTCOME_MISMATCH = "outcome-mismatch"
    FAULTY_SALE = "faulty-sale"
    Z_DIFFERS = "z-differs"
    QUARANTINED = "quarantined"
    BROKEN_HANDLER = "broken-handler"


def is_repeated(approved_at: int, now: int) -> bool:
    """True when the card was approved moments ago; both are Unix milliseconds."""
    return approved_at > 0 and now - approved_at < REPEAT_WITHIN_MS


def is_stale(at: int, now: int) -> bool:
    """True when a question was written so long ago that its scale has taken it back."""
    return now - at > STALE_AFTER_MS
