"""The chain over what the office itself changes: one seal for each transaction that added rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from backoffice.store.statements import Row, Statements
from backoffice.witness import FIRST_SEAL, Witnessed, seal_over


@dataclass(frozen=True, slots=True)
class Seal:
    """Audit rows up to `upto` are sealed by `hash`; `id` counts seals from 1."""

    id: int
    upto: int
    hash: bytes


class Seals:
    """Seals the audit rows of a transaction, and reads both back for an audit."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements
        self._last: Seal | None = None

    def forget(self) -> None:
        """Drops what is remembered."""
        self._last = None

    def last(self) -> Seal:
        """The newest seal; number 0 when there is none."""
        if self._last is None:
            row = self._sql.one("seal_last")
            self._last = Seal(*row) if row else Seal(0, 0, FIRST_SEAL)
        return self._last

    def close_transaction(self) -> None:
        """Seals what the transaction in hand has added; nothing when it added nothing."""
        before = self.last()
        row = self._sql.one("audit_last")
        upto = row[0] if row else 0
        if upto <= before.upto:
            return
        rows = self._sql.run("audit_after", after=before.upto)
        seal = Seal(before.id + 1, upto, seal_over(before.hash, rows))
        self._sql.run("seal_keep", id=seal.id, upto=upto, hash=seal.hash)
        self._last = seal

    def all(self) -> list[Seal]:
        """Every seal, oldest first."""
        return [Seal(*row) for row in self._sql.rows("seal_list")]

    def rows(self, after: int = 0) -> Iterator[Row]:
        """Audit rows (id, subject, key, content) after that number, in order."""
        return iter(self._sql.run("audit_after", after=after))

    def unlike(self, one: Witnessed) -> list[tuple[str, str | None, str | None]]:
        """(key, witnessed content, content now) of each row that is not as it was witnessed.

        None stands for a row that is not there on that side.
        """
        newest = "max(id)" if one.changes else "id"
        grouped = " GROUP BY key" if one.changes else ""
        told = f"SELECT key, content FROM (SELECT key, content, {newest} FROM audit WHERE subject = '{one.table}'{grouped})"  # noqa: E501, S608  names of our own tables
        here = f"SELECT {one.key_sql(one.table)}, {one.content_sql(one.table)} FROM {one.table}"  # noqa: S608
        was = dict(self._sql.connection.execute(f"{told} EXCEPT {here}").fetchall())
        now = dict(self._sql.connection.execute(f"{here} EXCEPT {told}").fetchall())
        return [(key, was.get(key), now.get(key)) for key in sorted(was.keys() | now.keys())]
