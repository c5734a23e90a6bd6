"""The last sale taken back within half a minute: a refund of all of it, to what had paid it."""

from broker.refund import When, mirror
from broker.sale import SaleKind
from scale_app.checkout import happenings as h
from scale_app.checkout.desk import Desk
from scale_app.journal.entries import Subject
from scale_app.journal.kept import SavedSale
from scale_app.journal.store import Journal
from scale_app.say import Say
from scale_app.terminal.clock import Clock
from scale_app.view import Message, Severity

WINDOW_MS = 30_000
"""From the sale to the key."""
CHOOSE_MS = 60_000
"""From the sale to the reason."""


class UndoLast:
    """What may be taken back, and the taking back."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock

    def offered(self, desk: Desk) -> h.UndoOffered | None:
        """The question; None when there is nothing to take back so simply."""
        last = self._last(WINDOW_MS)
        if last is None:
            return None
        params = {"receipt": f"{last.receipt:06d}", "total": desk.money(last.sale.total)}
        return h.UndoOffered(last.receipt, Message(Say.UNDO_SALE, Severity.WARN, params))

    def refunded(self, action: h.Undo, when: When) -> SavedSale | None:
        """The refund, durable; None when the sale is not the last one any more, or too old."""
        last = self._last(CHOOSE_MS)
        if last is None or last.receipt != action.receipt:
            return None
        subject = Subject(self._clock.uid(), 1, self._clock.wall_ms())
        return self._journal.save_refund(subject, mirror(last.sale, last.op, when), action.reason)

    def _last(self, within_ms: int) -> SavedSale | None:
        last = next(iter(self._journal.last_sales(1)), None)
        if last is None or last.sale.kind != SaleKind.SALE:
            return None
        if any(tender.proof for tender in last.sale.tenders):
            return None  # a purse on a chip cannot be paid back into from here
        return last if 0 <= self._clock.wall_ms() - last.at <= within_ms else None
