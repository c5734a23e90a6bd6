"""May this card pay although nobody can be asked? Pure: four limits and a list (`broker.stand_in`).

The worst that one card can overdraw is its limit here times the number of scales that cannot be
reached; `backoffice exposure` shows that number.
"""

from dataclasses import dataclass
from enum import Enum

from broker.stand_in import Terms

CLOCK_SLACK_MS = 120_000
"""A clock set back further than this makes the age unknown."""


class NoStandIn(Enum):
    """Why a card does not pay without an answer."""

    OFF = "off"
    UNKNOWN_CARD = "unknown-card"
    DENIED = "denied"
    TOO_LONG = "too-long"
    TOO_MUCH = "too-much"


@dataclass(frozen=True, slots=True)
class Usage:
    """What stands at this till at this moment; sums in fen of payments not confirmed yet."""

    is_known: bool
    """The office has approved or named this card here before."""
    card_sum: int
    till_sum: int
    age_ms: int | None
    """Since the office was last heard; None = never, or the clock cannot be trusted."""


def room_for(terms: Terms, usage: Usage) -> int:
    """Fen that the card may still pay."""
    limits = terms.limits
    card, till = limits.per_card - usage.card_sum, limits.per_till - usage.till_sum
    return max(0, min(limits.per_payment, card, till))


def refusal(terms: Terms | None, card: int, amount: int, usage: Usage) -> NoStandIn | None:
    """Why the card may not pay `amount` fen now; None = it may."""
    if terms is None or terms.limits.is_off:
        return NoStandIn.OFF
    if card in terms.denied:
        return NoStandIn.DENIED
    if not usage.is_known:
        return NoStandIn.UNKNOWN_CARD
    if usage.age_ms is None or usage.age_ms > terms.limits.max_age_s * 1000:
        return NoStandIn.TOO_LONG
    return NoStandIn.TOO_MUCH if amount > room_for(terms, usage) else None
