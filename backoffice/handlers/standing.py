"""Standing orders: what is to be collected because little is left on a card."""

from backoffice.handlers.desk import Batch, Desk

MOST_AT_ONCE = 200


def collect_due(desk: Desk, batch: Batch, now: int) -> int:
    """Writes down a collection for each card that wants one; how many."""
    if desk.carry is None:
        return 0
    due = desk.store.topups.due(MOST_AT_ONCE)
    for number in due:
        desk.carry(desk, "card.collect", {"number": number}, batch, now=now)
    return len(due)
