"""The command that replaces a card by one from the shelf, while its holder waits at the desk.

    card.swap    {number, new, exposure?, hold_days?, by, reason}   -> {number, new, balance}

A card that is written for its holder at the reader is `card replace`; this one lies ready, written
and empty. It takes over level, class, holder, member and money; the old card ends (decision 24: its
level reaches a till with the first question about it).
"""

from typing import Any

from backoffice.card_desk import card_in_use
from backoffice.commands.card import not_on_chip, nothing_in_doubt
from backoffice.commands.issue import card_activate, is_on_shelf
from backoffice.errors import Refused
from backoffice.handlers.desk import Batch, Desk
from backoffice.store.directory import ORG
from broker.messages import CardState


def card_swap(desk: Desk, said: dict[str, Any], batch: Batch, now: int) -> dict[str, Any]:
    """Moves a card's life and money to a card from the shelf; the same two again move nothing."""
    number, new = int(said["number"]), int(said["new"])
    before = desk.store.cards.get(ORG, number)
    if before is None or before.replaced_by != new:
        _swap(desk, said, batch, now)
    after = desk.store.cards.get(ORG, new)
    assert after is not None, "read a moment ago"
    return {"number": number, "new": new, "balance": after.balance}


def _swap(desk: Desk, said: dict[str, Any], batch: Batch, now: int) -> None:
    old = card_in_use(desk, said)
    nothing_in_doubt(desk, old.number)
    not_on_chip(old)
    fresh = desk.store.cards.get(ORG, int(said["new"]))
    if fresh is None or fresh.ended or not is_on_shelf(desk, fresh.number):
        raise Refused("This card is not on the shelf; see `card show`.")
    if fresh.state != CardState.STOCK:
        raise Refused("This card is sold already; take another one from the shelf.")
    if fresh.kind != old.kind or fresh.opening:
        raise Refused("Take an empty card of the same kind from the shelf.")
    desk.store.cards.take_over(fresh.number, old)
    card_activate(desk, {**said, "number": fresh.number, "serial": ""}, batch, now)
