"""What the watch over cards, scales and people looks up."""

from backoffice.store.directory import ORG
from backoffice.store.statements import Row, Statements

MOST_AT_ONCE = 100


class Watching:
    """Counts and lists; changes nothing."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def payments(self, card: int, since: int) -> int:
        """Payments of a card since Unix millisecond `since`."""
        return self._count("watch_card", card=card, since=since)

    def refunds(self, day: int, store: int, cashier: int) -> int:
        """Refunds and voids of a cashier on a business day at a store."""
        return self._count("watch_refunds", day=day, store=store, cashier=cashier)

    def orphans(self, *, before: int, soon: int, long_ago: int) -> list[Row]:
        """Approvals of before `before` that nobody paid or took back: terminal, op, card, fen, at.

        Of a scale that was heard `soon` milliseconds after and has nothing unsent, or of before
        `long_ago`.
        """
        return self._sql.rows(
            "watch_orphans", org=ORG, before=before, soon=soon, long_ago=long_ago, most=MOST_AT_ONCE
        )

    def silent(self, before: int) -> list[Row]:
        """Scales with an open shift not heard since `before`: terminal, last heard at."""
        return self._sql.rows("watch_silent", org=ORG, before=before)

    def _count(self, name: str, **said: int) -> int:
        row = self._sql.one(name, org=ORG, **said)
        return int(row[0]) if row else 0
