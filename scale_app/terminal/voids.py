"""A closed sale of the shift taken back: chosen from a list, with a reason and a second person.

The last sale within half a minute needs no second person (`undo`). Either way it is a refund of all
of the sale, to what had paid it.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from broker.refund import When, mirror
from broker.sale import SaleKind, TenderKind
from scale_app.checkout import happenings as h
from scale_app.checkout.desk import Desk, SalesOffered, masked
from scale_app.journal.entries import Subject
from scale_app.journal.kept import SavedSale
from scale_app.journal.store import Journal
from scale_app.say import Say
from scale_app.terminal.clock import Clock
from scale_app.terminal.second_person import SecondPerson
from scale_app.view import Message, Severity

PAGE = 9
"""As many as there are digits to choose with."""


class Voids:
    """What of this shift may be taken back, and the taking back."""

    def __init__(self, journal: Journal, clock: Clock, second: SecondPerson) -> None:
        self._journal = journal
        self._clock = clock
        self._second = second

    def offered(self, desk: Desk, page: int, zone: str) -> SalesOffered | h.Told:
        """Nine sales, the newest first, and the question which; or why there is none."""
        found = self._voidable()
        page = page if page * PAGE < len(found) else 0
        chosen = found[page * PAGE : (page + 1) * PAGE]
        if not chosen:
            return h.Told(Message(Say.NOTHING_TO_UNDO, Severity.WARN))
        if not self._second.may_be_asked(desk.cashier):
            return h.Told(Message(Say.NO_SECOND_PERSON, Severity.WARN))
        rows = tuple(_row(desk, n, kept, zone) for n, kept in enumerate(chosen, 1))
        receipts = tuple(kept.receipt for kept in chosen)
        sums = tuple(desk.money(kept.sale.total) for kept in chosen)
        return SalesOffered(receipts, sums, rows, page)

    def refunded(self, action: h.Void, when: When) -> SavedSale | Message:
        """The refund, durable; or why there is none: a wrong PIN, or the sale is gone."""
        kept = next((one for one in self._voidable() if one.receipt == action.receipt), None)
        if kept is None:
            return Message(Say.NOTHING_TO_UNDO, Severity.WARN)
        person = self._second.approves(action.pin, when.cashier)
        if isinstance(person, Message):
            return person
        subject = Subject(self._clock.uid(), 1, self._clock.wall_ms())
        sale = mirror(kept.sale, kept.op, when)
        return self._journal.save_refund(subject, sale, action.reason, approved_by=person)

    def _voidable(self) -> list[SavedSale]:
        """Sales of the open shift, newest first, that were not given back yet.

        A purse on a chip cannot be paid back into from here.
        """
        rows = self._journal.sales_of_shift(self._journal.standing().shift)
        given_back = {row.sale.ref for row in rows if row.sale.kind == SaleKind.REFUND}
        return [
            row
            for row in reversed(rows)
            if row.sale.kind == SaleKind.SALE
            and row.op not in given_back
            and not any(tender.proof for tender in row.sale.tenders)
        ]


def _row(desk: Desk, number: int, kept: SavedSale, zone: str) -> str:
    at = datetime.fromtimestamp(kept.at / 1000, ZoneInfo(zone)).strftime("%H:%M")
    tender = kept.sale.tenders[0]
    is_card = tender.kind != TenderKind.CASH and tender.card is not None
    paid = masked(tender.card or 0) if is_card else "-"
    return f"{number}  {kept.receipt:06d} {at} {desk.money(kept.sale.total):>9} {paid}"
