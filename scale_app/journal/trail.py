"""Changes of the settings that weighing depends on: a trail that only grows, with its counter.

The settings are till.toml's `[scale]` table as it is in force, options and containers included. At
every start they are compared with the last ones written here; another value is a change with its
time, what was and what is. Each row carries a hash over the one before it, so whoever drops the
triggers and edits a row is seen. Facts: OIML R 76-1 5.5, WELMEC 7.2 (audit trail, event counter).
"""

import hashlib
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

import msgspec

from scale_app.errors import JournalBroken

_FIRST = bytes(32)

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Change:
    """One start with other settings than the start before; the first has number 0."""

    number: int
    at: int
    """Unix milliseconds of that start."""
    before: Values
    after: Values

    def in_words(self) -> str:
        """`e_g 5 -> 2, options.form auto -> 10`; `none` is a setting that is not there."""
        names = [*self.before, *(name for name in self.after if name not in self.before)]
        return ", ".join(
            f"{name} {_word(self.before, name)} -> {_word(self.after, name)}"
            for name in names
            if self.before.get(name) != self.after.get(name)
        )


def flat(table: Values, place: str = "") -> dict[str, object]:
    """The table with a name for each value that stands alone: `options.form`."""
    values: dict[str, object] = {}
    for name, value in table.items():
        if isinstance(value, Mapping):
            values |= flat(value, f"{place}{name}.")
        else:
            values[f"{place}{name}"] = value
    return values


class Trail:
    """The rows of one journal; `transaction` makes what is written in it durable together."""

    def __init__(
        self, db: sqlite3.Connection, transaction: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._db = db
        self._transaction = transaction

    def note(self, values: Values, at_ms: int) -> Change | None:
        """Writes the settings of this start if they are not the last ones; what changed.

        Raises:
            JournalBroken: a row was changed or is missing.
        """
        known = self.changes()
        before = known[-1].after if known else {}
        packed = msgspec.json.encode(values, order="sorted")
        if known and packed == msgspec.json.encode(before, order="sorted"):
            return None
        number, was = len(known), msgspec.json.encode(before, order="sorted")
        with self._transaction():
            link = _link(self._last_link(), (number, at_ms, was, packed))
            self._db.execute(
                'INSERT INTO scale_setting (number, at, "before", "after", link)'
                " VALUES (?, ?, ?, ?, ?)",
                (number, at_ms, was, packed, link),
            )
        return self.changes()[-1]

    def count(self) -> int:
        """The counter: changes since the first start; it never goes back."""
        row = self._db.execute("SELECT coalesce(max(number), 0) FROM scale_setting").fetchone()
        return int(row[0])

    def changes(self) -> list[Change]:
        """Every row in order, the first start's included.

        Raises:
            JournalBroken: a row was changed or is missing.
        """
        found, link = [], _FIRST
        rows = self._db.execute(
            'SELECT number, at, "before", "after", link FROM scale_setting ORDER BY number'
        )
        for expected, (number, at, before, after, kept) in enumerate(rows):
            link = _link(link, (number, at, before, after))
            if number != expected or kept != link:
                raise JournalBroken(f"change {expected} of the scale's settings was tampered with")
            found.append(Change(number, at, _values(before), _values(after)))
        return found

    def _last_link(self) -> bytes:
        row = self._db.execute(
            "SELECT link FROM scale_setting ORDER BY number DESC LIMIT 1"
        ).fetchone()
        return bytes(row[0]) if row else _FIRST


def _link(before: bytes, row: tuple[int, int, bytes, bytes]) -> bytes:
    return hashlib.sha256(before + msgspec.msgpack.encode(row)).digest()


def _values(packed: bytes) -> Values:
    return msgspec.json.decode(packed, type=dict[str, object])


def _word(values: Values, name: str) -> str:
    if name not in values or values[name] is None:
        return "none"
    value = values[name]
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
