"""A disk in memory for SQLite: what was committed stays, what was not is gone with the power.

The databases are real SQLite, opened by the programs' own code. A trap lets the power go, or the
disk fail, at the n-th statement from now; a full disk is SQLite's own `max_page_count`.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from broker.heads import HeadKey
from scale_app.journal.database import Disk, Reserve

MOST_PAGES = 2**30 - 1
"""SQLite's own bound where nobody has set another."""
RESERVE_PAGES = 512
"""Two MiB, as a till's own reserve."""


class PowerCut(BaseException):
    """The machine stops here: nobody may catch this but the world."""


class Memory(sqlite3.Connection):
    """A database that outlives the program which had it open."""

    def close(self) -> None:
        """The program ends; what it had not committed never was."""
        self.disarm()
        if self.in_transaction:
            self.rollback()

    def discard(self) -> None:
        """The disk itself is gone."""
        super().close()

    def at_statement(
        self, number: int, happen: Callable[[str], None], *, instead: bool, only: str = ""
    ) -> None:
        """Sets the trap: `happen` at the n-th statement from now, after it or instead of it.

        `only` counts statements with that text alone, COMMIT for example.
        """
        left, execute = number, super().execute

        def trapped(sql: str, *values: Any) -> sqlite3.Cursor:
            nonlocal left
            left -= not only or sql == only
            if left > 0 or (only and sql != only):
                return execute(sql, *values)
            self.disarm()
            if instead:
                happen(sql)
                return execute(sql, *values)
            cursor = execute(sql, *values)
            happen(sql)
            return cursor

        self.__dict__["execute"] = trapped

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What stands there, for the world's own eyes: no trap, no fault."""
        return super().execute(sql, values).fetchall()

    @contextlib.contextmanager
    def unharmed(self) -> Iterator[None]:
        """While the world looks, with the programs' own code, no trap goes off."""
        trap = self.__dict__.pop("execute", None)
        yield
        if trap is not None:
            self.__dict__["execute"] = trap

    def disarm(self) -> None:
        """No trap any more."""
        self.__dict__.pop("execute", None)


def copied(source: sqlite3.Connection) -> Memory:
    """A database of its own with the same content."""
    made = sqlite3.connect(":memory:", isolation_level=None, factory=Memory, cached_statements=256)
    source.backup(made)
    return made


def failing(_sql: str) -> None:
    """What a disk says when it does not work any more."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR
    raise error


def power_cut(_sql: str) -> None:
    """The power goes."""
    raise PowerCut


class TillDisk(Disk):
    """The disk of one till."""

    def __init__(self, template: sqlite3.Connection, key: HeadKey) -> None:
        self.database = copied(template)
        self.key = key
        self._kept: Room | None = None

    def connect(self, file: Path) -> sqlite3.Connection:
        return self.database

    def signing_key(self, file: Path) -> HeadKey | None:
        return self.key

    def reserve(self, file: Path) -> Reserve:
        if self._kept is None:
            self._kept = Room(file, self)
        return self._kept

    @property
    def is_full(self) -> bool:
        """True while nothing can be added."""
        return self._most() < MOST_PAGES

    def _most(self) -> int:
        return int(self.database.rows("PRAGMA max_page_count")[0][0])

    def fill(self) -> None:
        """Somebody else's files take all the room."""
        pages = int(self.database.rows("PRAGMA page_count")[0][0])
        self.database.rows(f"PRAGMA max_page_count = {pages}")

    def free(self, pages: int = MOST_PAGES) -> None:
        """There is room again."""
        most = min(self._most() + pages, MOST_PAGES)
        self.database.rows(f"PRAGMA max_page_count = {most}")


class Room(Reserve):
    """The reserve on a simulated disk."""

    def __init__(self, file: Path, disk: TillDisk) -> None:
        super().__init__(file)
        self._disk, self._held = disk, True

    @property
    def is_held(self) -> bool:
        return self._held

    def hold(self) -> bool:
        if not self._held and not self._disk.is_full:
            self._held = True
        return self._held

    def give_up(self) -> None:
        if self._held:
            self._held = False
            if self._disk.is_full:
                self._disk.free(RESERVE_PAGES)
