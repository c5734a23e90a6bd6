"""The SQL of the books: one statement a file, by name, on one connection.

The statements keep to what SQLite 3.37+ and PostgreSQL share; only the schema is SQLite's own.
"""

import contextlib
import functools
import sqlite3
from collections.abc import Iterable, Iterator
from importlib import resources
from typing import Any

from backoffice.errors import StoreFault

_FILE_TROUBLE = frozenset({
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOTADB,
})  # fmt: skip

Value = int | str | bytes | None
Row = tuple[Any, ...]


@functools.cache
def texts() -> dict[str, str]:
    """Every statement by its file's name without the ending."""
    folder = resources.files("backoffice.store") / "sql"
    return {
        file.name.removesuffix(".sql"): file.read_text(encoding="utf-8")
        for file in folder.iterdir()
        if file.name.endswith(".sql")
    }


@functools.cache
def asked_text(name: str) -> str:
    """The statement of a report behind `report_asked`, which names its periods and stores."""
    return f"{texts()['report_asked']}\n{texts()[name]}"


def is_file_trouble(error: Exception) -> bool:
    """True for a failure of the file itself, which no other message would survive either."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _FILE_TROUBLE


def fault_of(error: sqlite3.Error) -> StoreFault:
    """The sentence for an error of SQLite."""
    text = str(error)
    if "full" in text:
        return StoreFault("The disk is full; nothing was booked. Make room and try again.")
    if "locked" in text or "busy" in text:
        return StoreFault("The books are locked by another program; try again in a moment.")
    if "readonly" in text or "read-only" in text:
        return StoreFault("The books cannot be written; check the rights of the state folder.")
    return StoreFault(
        "The books cannot be used ({error}); restore the last backup if this stays.", error=text
    )


@contextlib.contextmanager
def file_faults() -> Iterator[None]:
    """A failure of the file inside becomes a `StoreFault`; other errors are our own, and stay.

    Raises:
        StoreFault: the file cannot be read or written.
    """
    try:
        yield
    except sqlite3.Error as error:
        if not is_file_trouble(error):
            raise
        raise fault_of(error) from error


class Statements:
    """Runs named statements; sqlite3 keeps them prepared.

    Each raises `StoreFault` when the file cannot be read or written. The four say so themselves: a
    context manager around each of some hundred thousand statements a minute would be felt.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._texts = texts()

    def text(self, name: str) -> str:
        """The text of a statement."""
        return self._texts[name]

    def run(self, name: str, /, **values: Value) -> sqlite3.Cursor:
        """Executes one statement with named values."""
        try:
            return self.connection.execute(self._texts[name], values)
        except sqlite3.Error as error:
            if not is_file_trouble(error):
                raise
            raise fault_of(error) from error

    def many(self, name: str, rows: Iterable[tuple[Value, ...]]) -> None:
        """Executes one statement for each row of positional values."""
        try:
            self.connection.executemany(self._texts[name], rows)
        except sqlite3.Error as error:
            if not is_file_trouble(error):
                raise
            raise fault_of(error) from error

    def one(self, name: str, /, **values: Value) -> Row | None:
        """The first row, or None."""
        try:
            row: Row | None = self.connection.execute(self._texts[name], values).fetchone()
        except sqlite3.Error as error:
            if not is_file_trouble(error):
                raise
            raise fault_of(error) from error
        return row

    def rows(self, name: str, /, **values: Value) -> list[Row]:
        """All rows."""
        try:
            return self.connection.execute(self._texts[name], values).fetchall()
        except sqlite3.Error as error:
            if not is_file_trouble(error):
                raise
            raise fault_of(error) from error
