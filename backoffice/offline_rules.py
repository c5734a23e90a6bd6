"""What `market.toml` says about card sales without the network: four limits of a store. Pure."""

from typing import Annotated

import msgspec
from msgspec import Meta

from backoffice.errors import UsageFault
from backoffice.price_rules import minor_of
from broker.stand_in import Limits


class OfflineTable(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Table [store.offline]; without it no card is sold to without an answer."""

    per_payment: str
    per_card: str
    """Of one card at one till, until the office has booked it."""
    per_till: str
    """Of all cards at one till, until the office has booked it."""
    max_age_h: Annotated[int, Meta(ge=1, le=24 * 7)] = 24
    """Hours since the till last heard the office."""


def limits_of(table: OfflineTable | None, store: str, exponent: int) -> Limits:
    """The limits of a store; all zero = off.

    Raises:
        UsageFault: a limit that is no sum above zero, or limits that contradict each other.
    """
    if table is None:
        return Limits()
    texts = (table.per_payment, table.per_card, table.per_till)
    payment, card, till = (_sum(text, store, exponent) for text in texts)
    if not payment <= card <= till:
        raise UsageFault(
            "[store.offline] {store}: per_payment is at most per_card, and that per_till.",
            store=store,
        )
    return Limits(payment, card, till, table.max_age_h * 3600)


def _sum(text: str, store: str, exponent: int) -> int:
    minor = minor_of(text, exponent)
    if not minor:
        raise UsageFault(
            "[store.offline] {store}: {text} is not a sum above zero.", store=store, text=repr(text)
        )
    return minor
