"""A damaged journal is set aside and a new one begun with all that can still be read.

The new journal begins an epoch of its own, so no number is used twice. Entries that the back-office
never receipted go into it again when they can be trusted: an entry's hash stands in the one after
it. One that cannot be trusted is made again from the tables of sales and tenders, where they hold
all of it; what cannot be made again is counted. The damaged file is kept.
"""

import contextlib
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from broker.codec import decode
from broker.errors import BadMessage
from broker.heads import is_signed
from broker.messages import Content, Entry, Kind, Paid, ReverseReason, Reversing
from broker.sale import Sale, SaleKind, TenderKind
from broker.seal import FIRST_LINK, link_of
from scale_app.journal.database import open_database, transaction, translated
from scale_app.journal.entries import Subject, append
from scale_app.tender_machine import TenderState

log = logging.getLogger("steelyard.rescue")

_LEFT = {
    Kind.PAID: TenderState.PAID, Kind.DECLINED: TenderState.DECLINED,
    Kind.REVERSING: TenderState.REVERSING, Kind.REVERSED: TenderState.REVERSED,
}  # fmt: skip
_NOT_COPIED = ("entry", "standing", "signature", "checkpoint")
_ENDINGS = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Rescued:
    """Where the damaged file is kept, and how many unsent entries were carried over or lost."""

    kept: Path
    carried: int
    lost: int | None
    """None = even their number cannot be read."""


def renew(file: Path, terminal: str, at_ms: int) -> Rescued:
    """Begins a new journal in the place of a damaged one.

    Raises:
        JournalError: the disk does not let us; the damaged journal is where it was.
    """
    fresh = file.with_name(file.name + ".new")
    try:
        _remove(fresh)
        db = open_database(fresh)
        try:
            with transaction(db, file.parent), _damaged(file) as old:
                carried, lost = _carried_over(old, db, terminal)
        finally:
            db.close()
        kept = _set_aside(file, at_ms)
        fresh.replace(file)
        _on_disk(file.parent)
    except (OSError, sqlite3.Error) as error:
        raise translated(error, file.parent) from error
    log.warning("journal set aside as %s: %d carried over, %s lost", kept.name, carried, lost)
    return Rescued(kept, carried, lost)


def _remove(file: Path) -> None:
    for ending in _ENDINGS:
        file.with_name(file.name + ending).unlink(missing_ok=True)


def _set_aside(file: Path, at_ms: int) -> Path:
    # A log without its database is thrown away by SQLite; an older database would be believed.
    kept = file.with_name(f"{file.stem}.damaged-{at_ms}{file.suffix}")
    for ending in _ENDINGS:
        with contextlib.suppress(FileNotFoundError):
            file.with_name(file.name + ending).replace(kept.with_name(kept.name + ending))
    return kept


def _on_disk(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _damaged(file: Path) -> Iterator[sqlite3.Connection]:
    old = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
    try:
        yield old
    finally:
        old.close()


def _carried_over(
    old: sqlite3.Connection, db: sqlite3.Connection, terminal: str
) -> tuple[int, int | None]:
    try:
        standing = old.execute(
            "SELECT terminal, epoch, last_seq, head, upto, next_receipt, shift, shift_opened_at,"
            " welcome FROM standing"
        ).fetchone()
    except sqlite3.DatabaseError:
        return 0, None
    if standing is None or standing[0] != terminal or standing[1] == 0:
        return 0, None
    _, epoch, last_seq, head, upto, *rest = standing
    db.execute(
        "INSERT INTO standing (id, terminal, epoch, last_seq, head, upto, next_receipt, shift,"
        " shift_opened_at, welcome) VALUES (1, ?, ?, 0, ?, 0, ?, ?, ?, ?)",
        (terminal, epoch + 1, FIRST_LINK, *rest),
    )
    _copy_tables(old, db)
    _copy_signatures(old, db, terminal, (epoch, upto))
    db.execute("UPDATE tender SET state = 'REVERSED' WHERE state = 'REVERSING'")
    carried = 0
    for subject, kind, content in _trusted(old, db, epoch, (upto, last_seq, head)):
        if isinstance(content, Paid) and not _has_its_sale(db, subject, content):
            continue
        entry = append(db, kind, subject, content)
        carried += 1
        if isinstance(content, Sale):
            db.execute(
                "INSERT OR IGNORE INTO tender (op, attempt, state, amount, sale)"
                " VALUES (?, ?, 'INTENT', ?, ?)",
                (subject.op, subject.attempt, content.total, msgspec.msgpack.encode(content)),
            )
        elif kind in _LEFT and not (isinstance(content, Paid) and content.sale):
            db.execute(
                "UPDATE tender SET state = ?, undo_epoch = ?, undo_seq = ?"
                " WHERE op = ? AND attempt = ? AND state IN ('INTENT', 'REVERSED', 'REVERSING')",
                (_LEFT[kind], entry.epoch, entry.seq, subject.op, subject.attempt),
            )
    return carried, last_seq - upto - carried


def _has_its_sale(db: sqlite3.Connection, subject: Subject, paid: Paid) -> bool:
    """A sale whose row could not be read gets it again, if the entry holds it."""
    row = db.execute("SELECT op FROM sale WHERE receipt = ?", (paid.receipt,)).fetchone()
    sale = paid.sale or _intent(db, subject)
    if row is not None or sale is None:
        return row is not None and row[0] == subject.op
    db.execute(
        "INSERT INTO sale (receipt, op, at, shift, sale, balance) VALUES (?, ?, ?, ?, ?, ?)",
        (paid.receipt, subject.op, subject.at, sale.shift, msgspec.msgpack.encode(sale),
         paid.balance),
    )  # fmt: skip
    return True


def _copy_tables(old: sqlite3.Connection, db: sqlite3.Connection) -> None:
    """Every other table as far as it can be read: sales, prices, baskets, terms, evidence."""
    names = [
        row[0]
        for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        if row[0] not in _NOT_COPIED
    ]
    for name in names:
        try:
            for row in old.execute(f"SELECT * FROM {name}"):  # noqa: S608  names of our own tables
                marks = ", ".join("?" * len(row))
                db.execute(f"INSERT OR REPLACE INTO {name} VALUES ({marks})", row)  # noqa: S608
        except sqlite3.DatabaseError as error:
            log.warning("table %s of the damaged journal: %s", name, error)


def _copy_signatures(
    old: sqlite3.Connection, db: sqlite3.Connection, terminal: str, marks: tuple[int, int]
) -> None:
    """Of each epoch the newest that is whole and covers no more than the office holds."""
    rows: list[tuple[int, int, bytes, bytes, bytes]] = []
    with contextlib.suppress(sqlite3.DatabaseError):
        rows = old.execute("SELECT * FROM signature ORDER BY epoch, seq").fetchall()
    whole = {
        row[0]: row
        for row in rows
        if row[:2] <= marks and is_signed(terminal, *row[:3], signature=row[4], public=row[3])
    }
    db.executemany("INSERT INTO signature VALUES (?, ?, ?, ?, ?)", whole.values())


def _trusted(
    old: sqlite3.Connection, db: sqlite3.Connection, epoch: int, marks: tuple[int, int, bytes]
) -> Iterator[tuple[Subject, Kind, Content]]:
    upto, last_seq, head = marks
    bodies = {seq: _body(old, epoch, seq) for seq in range(upto + 1, last_seq + 1)}
    for seq, body in bodies.items():
        entry = _entry(body)
        after = _entry(bodies.get(seq + 1, b""))
        wanted = head if seq == last_seq else after.prev if after else None
        if entry and wanted is not None and link_of(body) == wanted:
            yield Subject(entry.op, entry.attempt, entry.at), Kind(entry.kind), entry.content
        elif made := _made_again(old, db, epoch, seq):
            yield made


def _body(old: sqlite3.Connection, epoch: int, seq: int) -> bytes:
    with contextlib.suppress(sqlite3.DatabaseError):
        row = old.execute(
            "SELECT body FROM entry WHERE epoch = ? AND seq = ?", (epoch, seq)
        ).fetchone()
        return bytes(row[0]) if row else b""
    return b""


def _entry(body: bytes) -> Entry | None:
    try:
        entry = decode(body) if body else None
    except BadMessage:
        return None
    return entry if isinstance(entry, Entry) else None


def _made_again(
    old: sqlite3.Connection, db: sqlite3.Connection, epoch: int, seq: int
) -> tuple[Subject, Kind, Content] | None:
    """The same from the tables beside it; the columns beside the damaged body say of what."""
    with contextlib.suppress(sqlite3.DatabaseError):
        row = old.execute(
            "SELECT op, attempt, at, kind FROM entry WHERE epoch = ? AND seq = ?", (epoch, seq)
        ).fetchone()
        make = _MADE.get(row[3]) if row else None
        subject = Subject(*row[:3]) if row else None
        content = make(db, subject) if make and subject else None
        if subject and content:
            return subject, Kind(row[3]), content
    return None


def _paid(db: sqlite3.Connection, subject: Subject) -> Paid | None:
    """A sale for cash whole, one by card by its number; a refund or a purse needs more."""
    row = db.execute(
        "SELECT receipt, sale, balance, EXISTS (SELECT 1 FROM stand_in AS s WHERE s.op = sale.op)"
        " FROM sale WHERE op = ?",
        (subject.op,),
    ).fetchone()
    sale = msgspec.msgpack.decode(row[1], type=Sale) if row else None
    if sale is None or sale.kind != SaleKind.SALE or any(one.proof for one in sale.tenders):
        return None
    in_cash = all(one.kind == TenderKind.CASH for one in sale.tenders)
    return Paid(row[0], sale if in_cash else None, row[2], row[3])


def _intent(db: sqlite3.Connection, subject: Subject) -> Sale | None:
    row = db.execute(
        "SELECT sale FROM tender WHERE op = ? AND attempt = ?", (subject.op, subject.attempt)
    ).fetchone()
    return msgspec.msgpack.decode(row[0], type=Sale) if row else None


_MADE: dict[int, Callable[[sqlite3.Connection, Subject], Content | None]] = {
    Kind.INTENT: _intent,
    Kind.PAID: _paid,
    Kind.REVERSING: lambda _db, _subject: Reversing(ReverseReason.RESTARTED),
}
