"""Journal entries as they came, and how far each terminal's journal is complete here."""

from dataclasses import dataclass
from enum import Enum

from backoffice.store.directory import TerminalRow
from backoffice.store.rolls import Rolls
from backoffice.store.statements import Statements
from broker.codec import decode
from broker.messages import Entry
from broker.seal import FIRST_LINK

MOST_MISSING = 100
_FILL_STEP = 500


class Kept(Enum):
    """What became of an entry."""

    NEW = "new"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    """Another content stands under this number; the first one stays."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Entries 1..upto are here and follow each other, `head` is the hash at `upto`.

    `highest` is the largest number seen. An entry that does not follow the one before it is kept
    and booked, and yet the mark stays before it: one of the two is another life's of that journal,
    and what the scale has under that number would never be sent again if the next had a receipt.
    """

    upto: int
    highest: int
    head: bytes


NOTHING = Mark(0, 0, FIRST_LINK)


class Journal:
    """Keeps entries once."""

    def __init__(self, statements: Statements, rolls: Rolls) -> None:
        self._sql, self._rolls = statements, rolls
        self._marks: dict[tuple[int, int, int], Mark] = {}

    def forget(self) -> None:
        """Drops what is remembered."""
        self._marks.clear()

    def keep(
        self, terminal: TerminalRow, entry: Entry, body: bytes, *, link: bytes, now: int
    ) -> Kept:
        """Keeps an entry's raw body under its number; compares when the number is taken."""
        made = self._sql.run(
            "entry_keep",
            org=terminal.org, terminal=terminal.id, epoch=entry.epoch, seq=entry.seq,
            kind=entry.kind, received_at=now, hash=link, body=body,
        )  # fmt: skip
        if made.rowcount == 1:
            self._advance(terminal, entry, link)
            self._rolls.add_entry(terminal.org, terminal.id, now, len(body))
            return Kept.NEW
        return Kept.DUPLICATE if self.link(terminal, entry.epoch, entry.seq) == link else (
            Kept.CONFLICT
        )  # fmt: skip

    def _advance(self, terminal: TerminalRow, entry: Entry, link: bytes) -> None:
        mark = self.mark(terminal, entry.epoch)
        upto, head = mark.upto, mark.head
        if entry.seq == upto + 1 and entry.prev == head:
            upto, head = entry.seq, link
            if mark.highest > entry.seq:
                upto, head = self._filled(terminal, entry.epoch, upto, head)
        self._save(terminal, entry.epoch, Mark(upto, max(mark.highest, entry.seq), head))

    def absent(self, terminal: TerminalRow, epoch: int, *, first: int, last: int) -> int:
        """How many of those entries are not here."""
        row = self._sql.one(
            "entry_count",
            org=terminal.org, terminal=terminal.id, epoch=epoch, first=first, last=last,
        )  # fmt: skip
        return last - first + 1 - (int(row[0]) if row else 0)

    def go_on_after(self, terminal: TerminalRow, epoch: int, seq: int, head: bytes) -> Mark:
        """Waits no more for entries up to `seq`; `head` is the hash of that one."""
        highest = max(self.mark(terminal, epoch).highest, seq)
        upto, head = self._filled(terminal, epoch, seq, head)
        self._save(terminal, epoch, Mark(upto, highest, head))
        return self.mark(terminal, epoch)

    def _save(self, terminal: TerminalRow, epoch: int, mark: Mark) -> None:
        self._sql.run(
            "mark_save",
            org=terminal.org, terminal=terminal.id, epoch=epoch,
            upto=mark.upto, highest=mark.highest, head=mark.head,
        )  # fmt: skip
        self._marks[terminal.org, terminal.id, epoch] = mark

    def _filled(
        self, terminal: TerminalRow, epoch: int, upto: int, head: bytes
    ) -> tuple[int, bytes]:
        while True:
            found = self._sql.rows(
                "entry_following",
                org=terminal.org, terminal=terminal.id, epoch=epoch, after=upto, most=_FILL_STEP,
            )  # fmt: skip
            for seq, link, body in found:
                entry = decode(body)
                if seq != upto + 1 or not isinstance(entry, Entry) or entry.prev != head:
                    return upto, head
                upto, head = seq, link
            if len(found) < _FILL_STEP:
                return upto, head

    def mark(self, terminal: TerminalRow, epoch: int) -> Mark:
        """How far that epoch is complete; all zero when nothing came yet."""
        known = self._marks.get((terminal.org, terminal.id, epoch))
        if known is not None:
            return known
        row = self._sql.one("mark_get", org=terminal.org, terminal=terminal.id, epoch=epoch)
        return Mark(*row) if row else NOTHING

    def marks_before(self, terminal: TerminalRow, epoch: int, most: int) -> list[tuple[int, int]]:
        """(epoch, complete up to) of epochs before that one, newest first."""
        rows = self._sql.rows(
            "mark_before", org=terminal.org, terminal=terminal.id, epoch=epoch, most=most
        )
        return [(row[0], row[1]) for row in rows]

    def missing(self, terminal: TerminalRow, epoch: int, mark: Mark) -> list[int]:
        """Numbers between `upto` and `highest` that are not here, at most a hundred."""
        if mark.highest <= mark.upto:
            return []
        there = {
            seq
            for seq, _ in self._sql.rows(
                "entry_present",
                org=terminal.org, terminal=terminal.id, epoch=epoch, after=mark.upto,
                most=10 * MOST_MISSING,
            )
        }  # fmt: skip
        missing: list[int] = []
        for seq in range(mark.upto + 1, mark.highest):
            if seq not in there:
                missing.append(seq)
                if len(missing) == MOST_MISSING:
                    break
        return missing

    def link(self, terminal: TerminalRow, epoch: int, seq: int) -> bytes | None:
        """Chain hash of an entry, or None."""
        row = self._sql.one(
            "entry_hash", org=terminal.org, terminal=terminal.id, epoch=epoch, seq=seq
        )
        return row[0] if row else None

    def bodies(self, terminal: TerminalRow, epoch: int, *, first: int, last: int) -> list[bytes]:
        """Raw bodies of the entries that are here from `first` to `last`, in order."""
        rows = self._sql.rows(
            "entry_bodies",
            org=terminal.org, terminal=terminal.id, epoch=epoch, first=first, last=last,
        )  # fmt: skip
        return [row[0] for row in rows]

    def body(self, terminal: TerminalRow, epoch: int, seq: int) -> bytes | None:
        """Raw body of an entry, or None."""
        row = self._sql.one(
            "entry_body", org=terminal.org, terminal=terminal.id, epoch=epoch, seq=seq
        )
        return row[0] if row else None
