"""The people of the office."""

import json

from backoffice.people import Person, Role
from backoffice.store.directory import ORG
from backoffice.store.statements import Row, Statements


class People:
    """Reads and changes who may sign in."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def get(self, name: str) -> Person | None:
        """The person of that name, or None."""
        row = self._sql.one("person_get", org=ORG, name=name)
        return _person(row) if row else None

    def all(self) -> list[Person]:
        """Everybody, by name."""
        return [_person(row) for row in self._sql.rows("person_list", org=ORG)]

    def save(self, person: Person, now: int) -> None:
        """Makes or changes a person at Unix millisecond `now`."""
        self._sql.run(
            "person_save",
            org=ORG, name=person.name, role=person.role, stores=json.dumps(person.stores),
            password=person.password, suspended=int(person.suspended),
            generation=person.generation, changed_at=now,
        )  # fmt: skip


def _person(row: Row) -> Person:
    name, role, stores, password, suspended, generation = row
    return Person(
        name, Role(role), tuple(json.loads(stores)), password, bool(suspended), generation
    )
