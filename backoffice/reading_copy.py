"""Door: a copy of the books for curious eyes, without secrets and without people.

What is copied is named here, table by table; a table that nobody named is not in the copy. Tokens,
chips and holders of cards, answers of terminals, members, passwords and journals are not.
"""

import contextlib
import sqlite3
from pathlib import Path
from typing import Final

from backoffice.errors import StoreFault

KEPT: Final = frozenset(
    {
        "account", "agent", "alert", "bonus_rule", "card", "card_event", "cashier", "market",
        "organisation", "product_word", "sale", "sale_line", "sale_rounding", "sale_tender",
        "stall", "stock_move", "stock_sold", "store", "terminal", "transfer", "z_report",
    }
)  # fmt: skip
KEPT_BEGINNINGS: Final = ("roll_",)
EMPTIED: Final = {
    "card": ("token", "previous_token", "chip", "holder", "batch"),
    "card_event": ("person", "reason", "detail"),
    "terminal": ("sign_on_rid", "sign_on_answer"),
}
"""Columns that stay, empty."""


def reading_copy(books: Path, target: Path) -> None:
    """Writes the copy to a new file that only its owner may read.

    Raises:
        StoreFault: there are no books, or the copy cannot be written.
    """
    if not books.exists():
        raise StoreFault("There are no books here yet; run `backoffice apply market.toml` first.")
    try:
        target.unlink(missing_ok=True)
        target.touch(mode=0o600)
        with contextlib.closing(
            sqlite3.connect(f"{books.resolve().as_uri()}?mode=ro", uri=True)
        ) as source:
            source.execute("VACUUM INTO ?", (str(target),))
        with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as copy:
            _strip(copy)
    except (OSError, sqlite3.Error) as error:
        target.unlink(missing_ok=True)
        raise StoreFault("{path} cannot be written ({error}).", path=target, error=error) from error


def _named(copy: sqlite3.Connection, kind: str) -> list[str]:
    rows = copy.execute(
        "SELECT name FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite%'", (kind,)
    )
    return [row[0] for row in rows]


def _strip(copy: sqlite3.Connection) -> None:
    copy.execute("PRAGMA foreign_keys = OFF")
    copy.execute("PRAGMA journal_mode = OFF").fetchone()
    for name in _named(copy, "trigger"):
        copy.execute(f'DROP TRIGGER "{name}"')
    views = _named(copy, "view")
    for name in _named(copy, "table"):
        if name not in KEPT and not name.startswith(KEPT_BEGINNINGS):
            copy.execute(f'DROP TABLE "{name}"')
    for table, columns in EMPTIED.items():
        typed = {row[1]: row[2] for row in copy.execute(f'PRAGMA table_info("{table}")')}
        empty = ", ".join(
            f'"{one}" = ' + ("x''" if typed[one] == "BLOB" else "''") for one in columns
        )
        copy.execute(f'UPDATE "{table}" SET {empty}')  # noqa: S608  names of this module
    for name in views:
        try:
            copy.execute(f'SELECT * FROM "{name}" LIMIT 0')  # noqa: S608  a name of the schema
        except sqlite3.Error:
            copy.execute(f'DROP VIEW "{name}"')
    copy.execute("VACUUM")  # what was dropped is not left in free pages
