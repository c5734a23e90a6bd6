"""A connection that can only read the books, and gives up what takes too long.

Beside `mode=ro`: a mistake in a statement, or one smuggled into it, reaches nothing but rows of
the books, and cannot hold the processor for ever (SQLite: "Defense Against The Dark Arts").
"""

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from typing import Final

from backoffice.errors import StoreFault

_STEPS: Final = 20_000
"""Instructions of SQLite's machine between two looks at the clock; about a millisecond."""

_READS: Final = frozenset({
    sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_TRANSACTION,
    sqlite3.SQLITE_RECURSIVE,
})  # fmt: skip
_NEVER: Final = frozenset({"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"})
_SCHEMA: Final = frozenset({"sqlite_master", "sqlite_schema", "sqlite_temp_master"})


def _may(action: int, first: str | None, second: str | None, *_where: str | None) -> int:
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_DENY if second in _NEVER else sqlite3.SQLITE_OK
    if action not in _READS or first in _SCHEMA:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


@contextlib.contextmanager
def guarded(connection: sqlite3.Connection, limit_s: float) -> Iterator[None]:
    """Inside, only reading goes, and all of it together for `limit_s` seconds.

    Raises:
        StoreFault: it took too long.
    """
    end = time.monotonic() + limit_s
    connection.set_authorizer(_may)
    connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        raise StoreFault(
            "This question takes too long for a page; ask for fewer days, or ask it with the "
            "command line."
        ) from error
    finally:
        connection.set_progress_handler(None, 0)
        connection.set_authorizer(None)
