"""A recording VFS: every write, truncate, sync and delete of SQLite's files, as it happens.

It can let them fail, too: an error of the disk, or no room, from a chosen call on.

It stands between the sqlite3 that the programs use and the system's own VFS, made with ctypes and
nothing else: a copy of the default VFS whose open puts our three methods into the file's table.
While it is installed it is the default, so the programs need to know nothing of it. The structures
are those of sqlite3.h (`sqlite3_vfs`, `sqlite3_io_methods`). Writes to the shared memory file are
not seen; SQLite makes that file anew after a power cut.
"""

import contextlib
import ctypes as c
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VOID, INT, INT64, TEXT = c.c_void_p, c.c_int, c.c_int64, c.c_char_p
OPEN = c.CFUNCTYPE(INT, VOID, VOID, VOID, INT, VOID)
"""The name is a bare pointer: the system's VFS keeps it for the life of the file."""
DELETE = c.CFUNCTYPE(INT, VOID, TEXT, INT)
CLOSE = c.CFUNCTYPE(INT, VOID)
WRITE = c.CFUNCTYPE(INT, VOID, VOID, INT, INT64)
TRUNCATE = c.CFUNCTYPE(INT, VOID, INT64)
SYNC = c.CFUNCTYPE(INT, VOID, INT)


class Methods(c.Structure):
    """`sqlite3_io_methods`; those that are not ours are only carried."""

    _fields_ = (
        ("version", INT), ("close", VOID), ("read", VOID), ("write", VOID), ("truncate", VOID),
        ("sync", VOID), ("rest", VOID * 13),
    )  # fmt: skip


class Vfs(c.Structure):
    """`sqlite3_vfs`."""

    _fields_ = (
        ("version", INT), ("file_size", INT), ("longest_path", INT), ("next", VOID),
        ("name", TEXT), ("own", VOID), ("open", VOID), ("delete", VOID), ("rest", VOID * 14),
    )  # fmt: skip


class File(c.Structure):
    """`sqlite3_file`: begins with its table of methods."""

    _fields_ = (("methods", c.POINTER(Methods)),)


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes at a place of a file."""

    file: str
    offset: int
    piece: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    """The file ends there now."""

    file: str
    size: int


@dataclass(frozen=True, slots=True)
class Sync:
    """What was written to the file before this is on the disk."""

    file: str


@dataclass(frozen=True, slots=True)
class Delete:
    """The file is gone."""

    file: str


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody was told that this is saved."""

    what: object


Event = Write | Truncate | Sync | Delete | Said


@dataclass(frozen=True, slots=True)
class Faulty:
    """From call number `first` on every write and sync fails so; 0 = it does not fail."""

    first: int
    write_code: int
    sync_code: int = 0


IO_ERROR = (778, 1034)
"""SQLITE_IOERR_WRITE and SQLITE_IOERR_FSYNC."""
NO_ROOM = (13, 0)
"""SQLITE_FULL; a sync needs no room."""


_ALIVE: list["Recorder"] = []
"""SQLite may call any of them as long as a file is open, and a file may outlive its program."""


class Recorder:
    """What was written below one folder, in order; files by their name."""

    def __init__(self, folder: Path) -> None:
        self.events: list[Event] = []
        self.faulty: Faulty | None = None
        self.calls = self.failed = 0
        self._folder = str(folder)
        self._names: dict[int, str] = {}
        self._tables: dict[int, tuple[Methods, Methods]] = {}
        self._library = c.CDLL("libsqlite3.so.0")
        self._library.sqlite3_vfs_find.restype = VOID
        self._system = Vfs.from_address(self._library.sqlite3_vfs_find(None))
        self._vfs = Vfs.from_buffer_copy(self._system)
        self._vfs.name = b"recording"
        self._ours = {
            "open": OPEN(self._open), "delete": DELETE(self._delete), "close": CLOSE(self._close),
            "write": WRITE(self._write), "truncate": TRUNCATE(self._truncate),
            "sync": SYNC(self._sync),
        }  # fmt: skip
        for name in ("open", "delete"):
            setattr(self._vfs, name, c.cast(self._ours[name], VOID))
        _ALIVE.append(self)

    def say(self, what: object) -> None:
        """Marks that somebody was told so."""
        self.events.append(Said(what))

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        """Every file that SQLite opens meanwhile is seen."""
        assert self._library.sqlite3_vfs_register(c.byref(self._vfs), 1) == 0
        try:
            yield
        finally:
            self._library.sqlite3_vfs_unregister(c.byref(self._vfs))
            self._library.sqlite3_vfs_register(c.byref(self._system), 1)

    def fails(self, code: int | None) -> bool:
        """Counts a call that writes; true when the disk lets it fail."""
        self.calls += 1
        bad = bool(code and self.faulty and self.calls >= self.faulty.first)
        self.failed += bad
        return bad

    def _call(self, kind: Any, address: int, *words: Any) -> int:
        result: int = kind(address)(*words)
        return result

    def _open(self, vfs: int, name: int | None, file: int, flags: int, out: int) -> int:
        code = self._call(OPEN, self._system.open, vfs, name, file, flags, out)
        path = c.string_at(name).decode() if name else ""
        if code == 0 and path.startswith(self._folder):
            opened = File.from_address(file)
            self._names[file] = Path(path).name
            opened.methods = c.pointer(self._table(c.addressof(opened.methods.contents)))
        return code

    def _table(self, address: int) -> Methods:
        if address not in self._tables:
            system = Methods.from_address(address)
            ours = Methods.from_buffer_copy(system)
            for name in ("close", "write", "truncate", "sync"):
                setattr(ours, name, c.cast(self._ours[name], VOID))
            self._tables[address] = (system, ours)
        return self._tables[address][1]

    def _below(self, file: int) -> Methods:
        now = c.addressof(File.from_address(file).methods.contents)
        return next(below for below, ours in self._tables.values() if c.addressof(ours) == now)

    def _close(self, file: int) -> int:
        below = self._below(file)
        del self._names[file]
        return self._call(CLOSE, below.close, file)

    def _write(self, file: int, piece: int, length: int, offset: int) -> int:
        if self.faulty and self.fails(self.faulty.write_code):
            return self.faulty.write_code
        self.events.append(Write(self._names[file], offset, c.string_at(piece, length)))
        return self._call(WRITE, self._below(file).write, file, piece, length, offset)

    def _truncate(self, file: int, size: int) -> int:
        self.events.append(Truncate(self._names[file], size))
        return self._call(TRUNCATE, self._below(file).truncate, file, size)

    def _sync(self, file: int, flags: int) -> int:
        if self.faulty and self.fails(self.faulty.sync_code):
            return self.faulty.sync_code
        self.events.append(Sync(self._names[file]))
        return self._call(SYNC, self._below(file).sync, file, flags)

    def _delete(self, vfs: int, name: bytes, sync_folder: int) -> int:
        if name.decode().startswith(self._folder):
            self.events.append(Delete(Path(name.decode()).name))
        return self._call(DELETE, self._system.delete, vfs, name, sync_folder)
