"""Patterns that a person should look at; pure. An alert never stops a sale by itself."""

from enum import StrEnum

REPEAT_WITHIN_MS = 10_000
"""The same card approved twice within this time, on different operations, is worth a look."""

STALE_AFTER_MS = 120_000
"""A sale to authorise older than this by its own clock was given up by its scale long ago."""


VELOCITY_TIMES = 8
VELOCITY_WITHIN_MS = 600_000
"""A card that pays this often within this time goes from hand to hand, or is being emptied."""

SKEWED_AFTER_MS = 120_000
"""A scale's clock further than this from ours is wrong."""

AGAIN_AFTER_MS = 3_600_000
"""What goes on is told again after this time."""

SILENT_AFTER_MS = 900_000
"""A scale says that it is there every minute; this long without a word it is not."""

LIST_TAKEN_WITHIN_MS = 600_000
"""A scale takes a new price list at its next basket."""

ORPHAN_AFTER_MS = 900_000
ORPHAN_AT_LAST_MS = 24 * 3_600_000
"""An approval is paid or taken back within seconds; a scale without network may need a day."""

MANY_VOIDS = 5
"""So many refunds and voids of a cashier on one day are looked at."""


BACKUP_OLD_MS = 26 * 3_600_000
"""Backups are made every few hours; after a day without one something is wrong."""


NOT_COLLECTED_AFTER_MS = 26 * 3_600_000
"""Who collects does it once a day at least; the till says it itself after the same time."""


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
    JOURNAL_KEY = "journal-key"
    SIGNATURE_WRONG = "signature-wrong"
    ENTRIES_LOST = "entries-lost"
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
    VELOCITY = "velocity"
    CLOCK_SKEW = "clock-skew"
    SCALE_SILENT = "scale-silent"
    NOT_COLLECTED = "not-collected"
    LIST_BEHIND = "list-behind"
    ORPHAN_APPROVAL = "orphan-approval"
    MANY_VOIDS = "many-voids"
    OVER_LIMIT = "over-limit"
    FAULTY_SALE = "faulty-sale"
    Z_DIFFERS = "z-differs"
    QUARANTINED = "quarantined"
    AUDIT_FINDINGS = "audit-findings"
    BACKUP_OLD = "backup-old"
    HOOK_DEAD = "hook-dead"
    MAIL_FAILED = "mail-failed"
    COLLECTION_FAILED = "collection-failed"
    PRICES_NOT_TAKEN = "prices-not-taken"
    BROKEN_HANDLER = "broken-handler"


def is_repeated(approved_at: int, now: int) -> bool:
    """True when the card was approved moments ago; both are Unix milliseconds."""
    return approved_at > 0 and now - approved_at < REPEAT_WITHIN_MS


def is_skewed(at: int, now: int, *, may_be_old: bool) -> bool:
    """True when a clock is off; a message that may be old tells only of one that is ahead."""
    return at - now > SKEWED_AFTER_MS or (not may_be_old and now - at > SKEWED_AFTER_MS)


def is_stale(at: int, now: int) -> bool:
    """True when a question was written so long ago that its scale has taken it back."""
    return now - at > STALE_AFTER_MS
