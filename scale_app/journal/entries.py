"""The numbered chain: every entry carries the hash of the one before, and no number is missing.

Bytes are encoded once, here, and never again: the outbox sends what this table holds.
"""

import sqlite3
from dataclasses import dataclass

from broker.codec import decode, encode
from broker.errors import BadMessage
from broker.messages import Content, Entry, Kind
from broker.seal import FIRST_LINK, link_of
from scale_app.errors import JournalDamaged
from scale_app.journal.beside import Beside
from scale_app.journal.let_go import beginnings
from scale_app.journal.signatures import Signed


@dataclass(frozen=True, slots=True)
class Appended:
    """An entry as it now stands in the journal."""

    epoch: int
    seq: int
    body: bytes


@dataclass(frozen=True, slots=True)
class OpenUndo:
    """A reversal that the back-office has not confirmed; `body` is its entry as stored."""

    op: bytes
    attempt: int
    seq: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about: the operation, its attempt, and when (Unix ms)."""

    op: bytes
    attempt: int
    at: int


def append(db: sqlite3.Connection, kind: Kind, subject: Subject, content: Content) -> Appended:
    """Adds an entry inside the caller's transaction."""
    row = db.execute("SELECT terminal, epoch, last_seq, head FROM standing").fetchone()
    terminal, epoch, last_seq, head = row
    assert epoch > 0, "nothing is journalled before the first sign-on"
    seq = last_seq + 1
    entry = Entry(
        kind=kind, terminal=terminal, epoch=epoch, seq=seq, prev=head,
        at=subject.at, op=subject.op, attempt=subject.attempt, content=content,
    )  # fmt: skip
    body = encode(entry)
    db.execute(
        "INSERT INTO entry (epoch, seq, kind, at, op, attempt, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (epoch, seq, int(kind), subject.at, subject.op, subject.attempt, body),
    )
    db.execute("UPDATE standing SET last_seq = ?, head = ?", (seq, link_of(body)))
    return Appended(epoch, seq, body)


def verify_chain(db: sqlite3.Connection) -> int:
    """Number of entries, when each epoch is gap-free, every link holds and the sales are those.

    What was signed is what is there. An epoch begins at its checkpoint, if it has one.

    Raises:
        JournalDamaged: naming the first place where it does not.
    """
    count, epoch_now, seq_now, head = 0, 0, 0, FIRST_LINK
    beside, signed = Beside(db), Signed(db)
    starts = {one.epoch: (one.seq, one.head) for one in beginnings(db)}
    for epoch, seq, body in db.execute("SELECT epoch, seq, body FROM entry ORDER BY epoch, seq"):
        if epoch != epoch_now:
            epoch_now, (seq_now, head) = epoch, starts.get(epoch, (0, FIRST_LINK))
        seq_now += 1
        if seq != seq_now:
            raise JournalDamaged(f"entry {epoch}/{seq_now} is missing")
        # The sixth field of the array is `prev`; decoding it all is the plain way to reach it.
        entry = _read(body, epoch, seq)
        if entry.prev != head:
            raise JournalDamaged(f"the chain does not hold at entry {epoch}/{seq}")
        beside.took(entry)
        head = link_of(body)
        signed.took(epoch, seq, head)
        count += 1
    row = db.execute("SELECT epoch, last_seq, head, terminal FROM standing").fetchone()
    if row and epoch_now < row[0] and row[0] in starts:
        epoch_now, (seq_now, head) = row[0], starts[row[0]]  # all of it has gone
    if row and row[1] and tuple(row[:3]) != (epoch_now, seq_now, head):
        raise JournalDamaged(f"the journal ends at {epoch_now}/{seq_now}, not where it should")
    beside.verify()
    signed.verify(row[3] if row else "")
    return count


def _read(body: bytes, epoch: int, seq: int) -> Entry:
    try:
        entry = decode(body)
    except BadMessage as error:
        raise JournalDamaged(f"entry {epoch}/{seq} cannot be read: {error}") from error
    if not isinstance(entry, Entry) or (entry.epoch, entry.seq) != (epoch, seq):
        raise JournalDamaged(f"entry {epoch}/{seq} is another one")
    return entry


def carry_over(db: sqlite3.Connection, epoch: int) -> None:
    """Begins `epoch` and enters again what the back-office never receipted in the old one.

    The sales did happen; their operations keep their ids, so nothing can be booked twice.
    """
    old = db.execute("SELECT epoch, upto FROM standing").fetchone()
    left = db.execute(
        "SELECT body FROM entry WHERE epoch = ? AND seq > ? ORDER BY seq", tuple(old)
    ).fetchall()
    if old[0]:
        db.execute("INSERT INTO past_epoch (epoch, upto) VALUES (?, ?)", tuple(old))
    db.execute(
        "UPDATE standing SET epoch = ?, last_seq = 0, head = ?, upto = 0", (epoch, FIRST_LINK)
    )
    for (body,) in left:
        entry = decode(body)
        assert isinstance(entry, Entry), "the journal holds entries only"
        subject = Subject(entry.op, entry.attempt, entry.at)
        again = append(db, Kind(entry.kind), subject, entry.content)
        if entry.kind == Kind.REVERSING:
            db.execute(
                "UPDATE tender SET undo_epoch = ?, undo_seq = ? WHERE op = ? AND attempt = ?",
                (again.epoch, again.seq, entry.op, entry.attempt),
            )
