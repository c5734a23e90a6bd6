"""Keys of other programs: whose name they read in, until when; never the key itself."""

from dataclasses import dataclass

from backoffice.store.directory import ORG
from backoffice.store.statements import Statements


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key; times are Unix milliseconds, `ended_at` 0 = in force."""

    id: int
    person: str
    label: str
    made_at: int
    until: int
    ended_at: int


class ApiKeys:
    """Makes, ends and finds keys."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def all(self) -> list[ApiKey]:
        """Every key ever made, oldest first."""
        return [ApiKey(*row) for row in self._sql.rows("api_key_list", org=ORG)]

    def make(self, person: str, label: str, key_hash: bytes, *, now: int, until: int) -> int:
        """Keeps a key by its hash; its number."""
        number = max((one.id for one in self.all()), default=0) + 1
        self._sql.run(
            "api_key_make",
            org=ORG, id=number, person=person, label=label, hash=key_hash, made_at=now,
            until=until,
        )  # fmt: skip
        return number

    def end(self, number: int, now: int) -> bool:
        """Ends a key; False when there is none of that number in force."""
        return self._sql.run("api_key_end", org=ORG, id=number, at=now).rowcount == 1

    def person_of(self, key_hash: bytes, now: int) -> str:
        """In whose name a key reads; empty for one that is not in force."""
        row = self._sql.one("api_key_person", org=ORG, hash=key_hash, now=now)
        return str(row[0]) if row else ""
