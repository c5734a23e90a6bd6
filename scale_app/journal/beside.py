"""Are the tables of sales and tenders what the chain of entries says? The chain vouches for them.

Sums of a shift, copies of receipts and refunds are made from those tables, so a bit that flips in
one of them must be found like one in an entry.
"""

import sqlite3

import msgspec

from broker.messages import Entry, Kind, Paid
from broker.sale import Sale
from scale_app.errors import JournalDamaged
from scale_app.tender_machine import TenderState

_ENDS: dict[int, frozenset[str]] = {
    Kind.PAID: frozenset({TenderState.PAID, TenderState.OWED, TenderState.REVIEW}),
    Kind.DECLINED: frozenset({TenderState.DECLINED}),
    Kind.REVERSING: frozenset({TenderState.REVERSING}),
    Kind.REVERSED: frozenset({TenderState.REVERSED}),
}
_OPEN = frozenset(TenderState) - frozenset[str]().union(*_ENDS.values())


class Beside:
    """Takes the entries one by one, in order, and compares at the end."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._last: dict[tuple[bytes, int], int] = {}
        self._asked: dict[tuple[bytes, int], Sale] = {}
        self._undo: dict[tuple[bytes, int], tuple[int, int]] = {}

    def took(self, entry: Entry) -> None:
        """The next entry.

        Raises:
            JournalDamaged: the sale that it paid stands otherwise in the table of sales.
        """
        name, content = (entry.op, entry.attempt), entry.content
        if isinstance(content, Sale):
            self._asked[name] = content
        if not isinstance(content, Paid):
            self._last[name], self._undo[name] = entry.kind, (entry.epoch, entry.seq)
            return
        # A whole sale in a PAID is cash, which has no tender, or a purse's, with its proof.
        if content.sale is None or any(one.proof for one in content.sale.tenders):
            self._last[name] = entry.kind
        self._paid(entry, content, content.sale or self._asked.get(name))

    def _paid(self, entry: Entry, paid: Paid, sale: Sale | None) -> None:
        row = self._db.execute(
            "SELECT op, sale FROM sale WHERE receipt = ?", (paid.receipt,)
        ).fetchone()
        if row is None or row[0] != entry.op:
            raise JournalDamaged(f"receipt {paid.receipt} is not the sale that was paid")
        if sale is not None and _sale(row[1]) != sale:
            raise JournalDamaged(f"receipt {paid.receipt} is not what was sold")

    def verify(self) -> None:
        """After the last entry.

        Raises:
            JournalDamaged: a tender does not stand where its entries left it.
        """
        rows = self._db.execute("SELECT op, attempt, state, sale, undo_epoch, undo_seq FROM tender")
        for op, attempt, state, packed, *undo in rows:
            name = (op, attempt)
            kind, asked = self._last.get(name), self._asked.pop(name, None)
            if kind is None or kind == Kind.UNSURE:
                continue  # of a journal before this one, or a purse in doubt
            good = state in _ENDS.get(kind, _OPEN) and (not asked or _sale(packed) == asked)
            if not good or (kind == Kind.REVERSING and self._undo[name] != tuple(undo)):
                raise JournalDamaged(f"operation {op.hex()} is not as its entries left it")
        if self._asked:
            op, _ = next(iter(self._asked))
            raise JournalDamaged(f"operation {op.hex()} is missing")


def _sale(packed: bytes) -> Sale | None:
    try:
        return msgspec.msgpack.decode(packed, type=Sale)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
