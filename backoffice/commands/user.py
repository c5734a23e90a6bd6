"""Commands about who signs in at the office: made, changed, locked out."""

from dataclasses import replace
from typing import Any

from backoffice.errors import Refused, UsageFault
from backoffice.handlers.desk import Batch, Desk
from backoffice.people import Person, Role, checked_person


def person_save(desk: Desk, said: dict[str, Any], _batch: Batch, now: int) -> dict[str, Any]:
    """Makes a person or changes role, stores and password; open sessions of hers end."""
    known = {code for _, code, _ in desk.store.directory.stores()}
    wanted = checked_person(
        str(said["name"]), str(said["role"]), [str(one) for one in said["stores"]], known=known
    )
    before = desk.store.people.get(wanted.name)
    password = str(said.get("password", "")) or (before.password if before else "")
    if not password.startswith("$argon2id$") or len(password) > 200:
        raise UsageFault("A new person needs a password.")
    if before is not None:
        _keep_an_owner(desk, before, stays=wanted.role == Role.OWNER and not wanted.stores)
    generation = before.generation + 1 if before else 1
    desk.store.people.save(replace(wanted, password=password, generation=generation), now)
    return {"name": wanted.name, "role": wanted.role, "stores": list(wanted.stores)}


def person_suspend(desk: Desk, said: dict[str, Any], _batch: Batch, now: int) -> dict[str, Any]:
    """Locks a person out at once, or lets her back in."""
    person = desk.store.people.get(str(said["name"]))
    if person is None:
        raise Refused("There is nobody called {name}.", name=str(said["name"])[:40])
    suspended = bool(said["suspended"])
    if suspended:
        _keep_an_owner(desk, person, stays=False)
    changed = replace(person, suspended=suspended, generation=person.generation + 1)
    desk.store.people.save(changed, now)
    return {"name": person.name, "suspended": suspended}


def _keep_an_owner(desk: Desk, person: Person, *, stays: bool) -> None:
    others = [
        one
        for one in desk.store.people.all()
        if one.role == Role.OWNER and not one.suspended and not one.stores
    ]
    if not stays and [one.name for one in others] == [person.name]:
        raise Refused("{name} is the only owner; make another one first.", name=person.name)
