"""The SQL of the books: one statement a file, by name, on one connection.

The statements keep to what SQLite 3.37+ and PostgreSQL share; only the schema is SQLite's own.
"""

import functools
import sqlite3
from collections.abc import Iterable
from importlib import resources
from typing import Any

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


class Statements:
    """Runs named statements; sqlite3 keeps them prepared."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._texts = texts()

    def text(self, name: str) -> str:
        """The text of a statement."""
        return self._texts[name]

    def run(self, name: str, /, **values: Value) -> sqlite3.Cursor:
        """Executes one statement with named values."""
        return self.connection.execute(self._texts[name], values)

    def many(self, name: str, rows: Iterable[tuple[Value, ...]]) -> None:
        """Executes one statement for each row of positional values."""
        self.connection.executemany(self._texts[name], rows)

    def one(self, name: str, /, **values: Value) -> Row | None:
        """The first row, or None."""
        row: Row | None = self.connection.execute(self._texts[name], values).fetchone()
        return row

    def rows(self, name: str, /, **values: Value) -> list[Row]:
        """All rows."""
        return self.connection.execute(self._texts[name], values).fetchall()
