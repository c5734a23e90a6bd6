"""The verbs of the journal; each one that writes is one transaction, durable when it returns.

Outcome, counters and outbox change together (reliability section 2): an entry is in the outbox
from the moment it exists until the back-office's receipt covers its number.
"""

import sqlite3
from pathlib import Path
from typing import Any

import msgspec

from broker.codec import decode_prices
from broker.heads import HeadKey
from broker.messages import (
    Declined,
    Kind,
    Paid,
    Reversed,
    Reversing,
    SignedPrices,
    Welcome,
    ZReport,
)
from broker.pricelist import PriceList
from broker.sale import Sale
from broker.seal import FIRST_LINK
from scale_app.checkout.basket import Basket
from scale_app.errors import JournalBroken, JournalDamaged, JournalError, JournalRefused
from scale_app.journal import evidence as evidence_rows
from scale_app.journal.baskets import Baskets
from scale_app.journal.compared import Compared
from scale_app.journal.database import DISK, Disk, open_database, transaction, translated
from scale_app.journal.debits import Debits
from scale_app.journal.entries import (
    Appended,
    OpenUndo,
    Subject,
    append,
    carry_over,
    verify_chain,
)
from scale_app.journal.kept import (
    SALE_COLUMNS,
    SALE_SEEN,
    SavedSale,
    Standing,
    Undo,
    packed,
    sale_of,
)
from scale_app.journal.let_go import LetGo
from scale_app.journal.offline import Offline
from scale_app.journal.past import PastEpochs
from scale_app.journal.signatures import Signatures
from scale_app.journal.trail import Trail
from scale_app.journal.tries import Tries
from scale_app.tender_machine import TenderState
from scale_app.weighing.evidence import Evidence

OPEN_INTENTS = (
    "SELECT op, attempt, amount FROM tender"
    " WHERE state IN ('INTENT', 'REVERSING') AND state = 'INTENT'"
)
OPEN_UNDOS = (
    "SELECT t.op, t.attempt, e.seq, e.body FROM tender t JOIN entry e"
    " ON e.epoch = t.undo_epoch AND e.seq = t.undo_seq"
    " WHERE t.state IN ('INTENT', 'REVERSING') AND t.state = 'REVERSING' ORDER BY e.epoch, e.seq"
)
"""The condition of the index of what is open stands in the text as it stands there: else SQLite
would not use it, and would look at every card payment that there ever was."""


class Journal:
    """The journal of one till; used by one thread."""

    def __init__(
        self, file: Path, terminal: str, now_ms: int, *, disk: Disk = DISK,
        key: HeadKey | None = None,
    ) -> None:  # fmt: skip
        """Opens, migrates and makes the first row; with a key, what is written can be signed.

        Raises:
            JournalError: full, broken, newer, or another terminal's.
        """
        self._directory = file.parent
        self._db = open_database(file, disk)
        self.debits = Debits(self._db, self._transaction, self._move, self._book)
        self.baskets = Baskets(self._db, self._transaction)
        self.offline = Offline(self._db, self._transaction, self._move, self._book)
        self.trail = Trail(self._db, self._transaction)
        self.tries = Tries(self._db, self._transaction)
        self.compared = Compared(self._db, self._transaction)
        self.past = PastEpochs(self._db)
        self.signatures = Signatures(self._db, self._transaction, key)
        self.let_go = LetGo(self._db, self._transaction, self.signatures)
        try:
            self._begin_life(terminal, now_ms)
        except JournalError:
            self._db.close()
            raise

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    def _transaction(self) -> Any:  # noqa: ANN401  a context manager of None
        return transaction(self._db, self._directory)

    def _begin_life(self, terminal: str, now_ms: int) -> None:
        with self._transaction():
            self._db.execute(
                "INSERT OR IGNORE INTO standing (id, terminal, epoch, last_seq, head, upto,"
                " next_receipt, shift, shift_opened_at) VALUES (1, ?, 0, 0, ?, 0, 1, 1, ?)",
                (terminal, FIRST_LINK, now_ms),
            )
        if self.standing().terminal != terminal:
            raise JournalBroken(f"this is the journal of {self.standing().terminal}")

    def verify(self) -> int:
        """Number of entries, when the file is sound and the chain holds.

        Raises:
            JournalDamaged: naming the first fault.
        """
        try:
            found = self._db.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found != "ok":
                raise JournalDamaged(found)
            return verify_chain(self._db)
        except sqlite3.DatabaseError as error:
            raise translated(error, self._directory) from error

    # Standing.

    def standing(self) -> Standing:
        """The counters as they are on the disk."""
        row = self._db.execute(
            "SELECT terminal, epoch, last_seq, head, upto, next_receipt, shift, shift_opened_at"
            " FROM standing"
        ).fetchone()
        return Standing(*row)

    def welcome(self) -> Welcome | None:
        """What the last sign-on told, or None before the first."""
        row = self._db.execute("SELECT welcome FROM standing").fetchone()
        return msgspec.msgpack.decode(row[0], type=Welcome) if row[0] else None

    def keep_welcome(self, welcome: Welcome) -> None:
        """Takes the epoch and the receipts that a sign-on granted, and keeps what it told."""
        with self._transaction():
            now = self.standing()
            if welcome.epoch != now.epoch:
                carry_over(self._db, welcome.epoch)
                self.signatures.epoch_ended(now)
            else:
                gone = self.let_go.checkpoint(now.epoch)
                upto = min(max(welcome.upto, gone.seq if gone else 0), now.last_seq)
                self._db.execute("UPDATE standing SET upto = ?", (upto,))
            self._db.execute(
                "UPDATE standing SET welcome = ?, next_receipt = max(next_receipt, ?)",
                (msgspec.msgpack.encode(welcome), welcome.last_receipt + 1),
            )

    def keep_receipt(self, epoch: int, upto: int) -> bool:
        """The back-office holds everything up to there; false when that is no news."""
        now = self.standing()
        if epoch != now.epoch or not now.upto < upto <= now.last_seq:
            return False
        with self._transaction():
            self._db.execute("UPDATE standing SET upto = ?", (upto,))
        return True

    # Sales.

    def save_intent(self, subject: Subject, sale: Sale) -> Appended:
        """The durable wish to be paid by card; only after this may the back-office be asked."""
        with self._transaction():
            self._db.execute(
                "INSERT INTO tender (op, attempt, state, amount, sale) VALUES (?, ?, ?, ?, ?)",
                (subject.op, subject.attempt, TenderState.INTENT, sale.total, packed(sale)),
            )
            return append(self._db, Kind.INTENT, subject, sale)

    def save_paid(self, subject: Subject, balance: int | None) -> SavedSale:
        """The card paid: sale, receipt number, counters and outbox, all together."""
        with self._transaction():
            self._move(subject, TenderState.INTENT, TenderState.PAID)
            row = self._db.execute(
                "SELECT sale FROM tender WHERE op = ? AND attempt = ?",
                (subject.op, subject.attempt),
            ).fetchone()
            sale = msgspec.msgpack.decode(row[0], type=Sale)
            kept = self._book(subject, sale, balance)
            append(self._db, Kind.PAID, subject, Paid(kept.receipt, None, balance))
            return kept

    def save_cash(self, subject: Subject, sale: Sale, undo: Undo | None = None) -> SavedSale:
        """A cash sale; with `undo`, the card operation it replaces is taken back with it."""
        with self._transaction():
            if undo is not None:
                self._reverse(Subject(subject.op, undo.attempt, subject.at), undo.reason)
            kept = self._book(subject, sale, None)
            append(self._db, Kind.PAID, subject, Paid(kept.receipt, sale, None))
            return kept

    def save_refund(
        self, subject: Subject, sale: Sale, reason: int, *, approved_by: int = 0
    ) -> SavedSale:
        """A sale given back, whole in its own entry; `approved_by` is the second person."""
        with self._transaction():
            kept = self._book(subject, sale, None)
            content = Paid(kept.receipt, sale, None, 0, reason, approved_by)
            append(self._db, Kind.PAID, subject, content)
            return kept

    def save_declined(self, subject: Subject, code: int) -> None:
        """The back-office said no."""
        with self._transaction():
            self._move(subject, TenderState.INTENT, TenderState.DECLINED)
            append(self._db, Kind.DECLINED, subject, Declined(code))

    def save_reversing(self, subject: Subject, reason: int) -> None:
        """The operation is to be undone, whatever became of it."""
        with self._transaction():
            self._reverse(subject, reason)

    def save_reversed(self, subject: Subject, was: int) -> bool:
        """The back-office has undone it; false when that was known."""
        with self._transaction():
            if self.tender_state(subject.op, subject.attempt) is not TenderState.REVERSING:
                return False
            self._move(subject, TenderState.REVERSING, TenderState.REVERSED)
            append(self._db, Kind.REVERSED, subject, Reversed(was))
            return True

    def undo_open_intents(self, at_ms: int, reason: int) -> list[int]:
        """At the start: every intent without an outcome is taken back; their sums in fen."""
        rows = self._db.execute(OPEN_INTENTS).fetchall()
        if rows:
            with self._transaction():
                for op, attempt, _ in rows:
                    self._reverse(Subject(op, attempt, at_ms), reason)
        return [amount for _, _, amount in rows]

    def _reverse(self, subject: Subject, reason: int) -> None:
        self._move(subject, TenderState.INTENT, TenderState.REVERSING)
        entry = append(self._db, Kind.REVERSING, subject, Reversing(reason))
        self._db.execute(
            "UPDATE tender SET undo_epoch = ?, undo_seq = ? WHERE op = ? AND attempt = ?",
            (entry.epoch, entry.seq, subject.op, subject.attempt),
        )

    def _move(self, subject: Subject, old: TenderState, new: TenderState) -> None:
        done = self._db.execute(
            "UPDATE tender SET state = ? WHERE op = ? AND attempt = ? AND state = ?",
            (new, subject.op, subject.attempt, old),
        )
        if done.rowcount != 1:
            raise JournalRefused(f"{subject.op.hex()}/{subject.attempt} is not {old.value}")

    def _book(self, subject: Subject, sale: Sale, balance: int | None) -> SavedSale:
        receipt, shift = self._db.execute("SELECT next_receipt, shift FROM standing").fetchone()
        self._db.execute(
            f"INSERT INTO sale ({SALE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608  ours
            (receipt, subject.op, subject.at, shift, packed(sale), balance),
        )
        self._db.execute("UPDATE standing SET next_receipt = ?", (receipt + 1,))
        self._db.execute("DELETE FROM open_basket")
        return SavedSale(receipt, subject.op, subject.at, shift, sale, balance)

    def tender_state(self, op: bytes, attempt: int) -> TenderState | None:
        """Where a card operation stands, or None when there is none."""
        row = self._db.execute(
            "SELECT state FROM tender WHERE op = ? AND attempt = ?", (op, attempt)
        ).fetchone()
        return TenderState(row[0]) if row else None

    # Outbox.

    def unsent(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        """Entries of this epoch after number `after`, in order, as stored."""
        return self._db.execute(
            "SELECT seq, body FROM entry WHERE epoch = (SELECT epoch FROM standing) AND seq > ?"
            " ORDER BY seq LIMIT ?",
            (after, limit),
        ).fetchall()

    def oldest_unsent_at(self) -> int | None:
        """Unix ms of the oldest entry that the back-office has not receipted."""
        now = self.standing()
        row = self._db.execute(
            "SELECT at FROM entry WHERE epoch = ? AND seq = ?", (now.epoch, now.upto + 1)
        ).fetchone()
        return row[0] if row else None

    def open_undos(self) -> list[OpenUndo]:
        """Reversals not yet confirmed, oldest first."""
        return [OpenUndo(*row) for row in self._db.execute(OPEN_UNDOS)]

    # What was sold.

    def sales_of_shift(self, shift: int) -> list[SavedSale]:
        """Paid sales of a shift, by receipt number."""
        rows = self._db.execute(
            f"SELECT {SALE_SEEN} FROM sale WHERE shift = ? ORDER BY receipt",  # noqa: S608
            (shift,),
        )
        return [sale_of(row) for row in rows]

    def count_of_shift(self) -> int:
        """Number of paid sales of the open shift."""
        row = self._db.execute(
            "SELECT count(*) FROM sale WHERE shift = (SELECT shift FROM standing)"
        ).fetchone()
        return int(row[0])

    def last_sales(self, limit: int) -> list[SavedSale]:
        """The newest sales, newest first."""
        rows = self._db.execute(
            f"SELECT {SALE_SEEN} FROM sale ORDER BY receipt DESC LIMIT ?",  # noqa: S608
            (limit,),
        )
        return [sale_of(row) for row in rows]

    def undone_since(self, at_ms: int) -> int:
        """Number of reversals begun since `at_ms`."""
        row = self._db.execute(
            "SELECT count(*) FROM entry WHERE kind = ? AND at >= ?", (int(Kind.REVERSING), at_ms)
        ).fetchone()
        return int(row[0])

    def close_shift(self, subject: Subject, report: ZReport) -> None:
        """The Z entry, signed with all before it, and the next shift begins."""
        with self._transaction():
            append(self._db, Kind.Z, subject, report)
            self.signatures.sign_here()
            self._db.execute(
                "INSERT INTO closed_shift (shift, at, report) VALUES (?, ?, ?)",
                (report.shift, subject.at, msgspec.msgpack.encode(report)),
            )
            self._db.execute(
                "UPDATE standing SET shift = shift + 1, shift_opened_at = ?", (subject.at,)
            )

    # Price list and open basket.

    def keep_prices(self, prices: SignedPrices, at_ms: int) -> None:
        """Keeps a list that was found genuine, as it came."""
        with self._transaction():
            self.baskets.keep_list()
            self._db.execute(
                "INSERT OR REPLACE INTO price_list (id, version, payload, signature, received_at)"
                " VALUES (1, ?, ?, ?, ?)",
                (prices.version, prices.payload, prices.signature, at_ms),
            )

    def prices(self) -> PriceList | None:
        """The price list as last received, or None."""
        row = self._db.execute("SELECT payload FROM price_list").fetchone()
        return decode_prices(row[0]) if row else None

    def keep_basket(self, basket: Basket, evidence: bytes = b"", *, list_version: int = 0) -> None:
        """The open basket, to survive a power cut; the evidence of its last weighing, for good."""
        self.baskets.keep(basket, evidence, list_version)

    def evidence(self, line_hash: bytes) -> Evidence | None:
        """What is known of the weighing of a line, or None."""
        return evidence_rows.find(self._db, line_hash)

    def open_basket(self) -> Basket:
        """The basket that was open when the till stopped; empty when none was."""
        return self.baskets.open()
