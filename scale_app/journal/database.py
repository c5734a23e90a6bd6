"""Door: the till's SQLite file, opened so that a commit is on the disk when it returns.

WAL with synchronous=FULL: one fsync per transaction. A full disk undoes the transaction and is
told apart from a broken file; after SQLITE_FULL SQLite may have rolled back by itself, and then an
explicit ROLLBACK raises, so `in_transaction` is asked first.
"""

import contextlib
import logging
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from broker.heads import HeadKey
from scale_app.errors import JournalBroken, JournalDamaged, JournalError, JournalFull
from scale_app.journal.schema import migrate
from scale_app.journal.signing_key import key_of

log = logging.getLogger("steelyard.journal")

_NO_ROOM_BYTES = 128 * 1024
"""An I/O error with less than this free is a full disk: growing the -shm file fails with IOERR."""


class Disk:
    """Where a till keeps what must last; the simulator hands in one that it can fill and break."""

    def connect(self, file: Path) -> sqlite3.Connection:
        """A connection to the database in that file, made when missing."""
        file.parent.mkdir(parents=True, exist_ok=True)
        return sqlite3.connect(file, isolation_level=None, timeout=5.0)

    def signing_key(self, file: Path) -> HeadKey | None:
        """The till's own key (`signing_key`); None: none can be made, and nothing is signed."""
        return key_of(file, os.urandom)

    def reserve(self, file: Path) -> "Reserve":
        """Room kept for finishing what was begun."""
        return Reserve(file)


DISK = Disk()


def open_database(file: Path, disk: Disk = DISK) -> sqlite3.Connection:
    """The journal's file, of this program's version; made when missing.

    Raises:
        JournalError: full, broken or newer.
    """
    try:
        db = disk.connect(file)
    except (OSError, sqlite3.Error) as error:
        raise translated(error, file.parent) from error
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        with transaction(db, file.parent):
            migrate(db)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        db.close()
        raise translated(error, file.parent) from error
    except JournalError:
        db.close()
        raise
    return db


@contextlib.contextmanager
def transaction(db: sqlite3.Connection, directory: Path) -> Iterator[None]:
    """All of it durable, or none of it.

    Raises:
        JournalFull: no room; nothing was written.
        JournalBroken: the file cannot be trusted any more.
    """
    try:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("COMMIT")
    except sqlite3.Error as error:
        _undo(db)
        raise translated(error, directory) from error
    except BaseException:
        _undo(db)
        raise


def _undo(db: sqlite3.Connection) -> None:
    if db.in_transaction:
        with contextlib.suppress(sqlite3.Error):
            db.execute("ROLLBACK")


def translated(error: Exception, directory: Path) -> JournalError:
    """Our error for SQLite's or the system's."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    full = code == sqlite3.SQLITE_FULL
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) or isinstance(error, OSError):
        full = full or _free_bytes(directory) < _NO_ROOM_BYTES
    log.error("journal: %s (code %s)%s", error, code, ", no room" if full else "")
    damaged = code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    # Spoilt text, of the schema even, comes as an error of its decoding.
    if damaged or isinstance(error, UnicodeDecodeError):
        return JournalDamaged(str(error))
    return JournalFull(str(error)) if full else JournalBroken(str(error))


def _free_bytes(directory: Path) -> int:
    try:
        room = os.statvfs(directory)
    except OSError:
        return 0
    return room.f_bavail * room.f_frsize


LITTLE_BYTES = 1024 * 1024 * 1024


class Reserve:
    """A file that holds room for finishing what was begun when the disk fills up.

    It is given up when a commit finds no room, so that the outcome of a card sale that the
    back-office has already booked can still be saved; until it can be made again no new sale
    begins.
    """

    def __init__(self, file: Path, size: int = 2 * 1024 * 1024) -> None:
        self._file, self._size = file, size

    @property
    def is_held(self) -> bool:
        """True while the room is kept."""
        try:
            return self._file.stat().st_size >= self._size
        except OSError:
            return False

    def little_left(self) -> int | None:
        """Bytes that are free, when that is less than a tenth of the disk and than 1 GiB."""
        try:
            room = os.statvfs(self._file.parent)
        except OSError:
            return None
        free, whole = room.f_bavail * room.f_frsize, room.f_blocks * room.f_frsize
        return free if free < min(whole // 10, LITTLE_BYTES) else None

    def hold(self) -> bool:
        """Takes the room (again); false when there is none."""
        if self.is_held:
            return True
        try:
            with self._file.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, self._size)
        except OSError:
            self.give_up()
            return False
        return True

    def give_up(self) -> None:
        """Makes the room free for the journal."""
        with contextlib.suppress(OSError):
            self._file.unlink(missing_ok=True)
