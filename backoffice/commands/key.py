"""Commands about keys of other programs.

    key.make   {person, label, hash, days, by}   -> {id, until}
    key.end    {id, by}                          -> {id}

`hash` is the SHA-256 of the key in hex: the key itself is shown once where it is made, and reaches
neither the books nor the second journal.
"""

from typing import Any, Final

from backoffice.errors import Refused, UsageFault
from backoffice.handlers.desk import Batch, Desk

DAY_MS: Final = 86_400_000
LONGEST_DAYS: Final = 731


def key_make(desk: Desk, said: dict[str, Any], _batch: Batch, now: int) -> dict[str, Any]:
    """Keeps a key that reads in a person's name for so many days."""
    name, label, days = str(said["person"]), str(said["label"]).strip(), int(said["days"])
    key_hash = bytes.fromhex(str(said["hash"]))
    person = desk.store.people.get(name)
    if person is None:
        raise Refused("There is nobody called {name}.", name=name[:40])
    if not 1 <= days <= LONGEST_DAYS or not label or len(label) > 40 or len(key_hash) != 32:
        raise UsageFault(
            "A key has a label of 1 to 40 characters and holds for 1 to {most} days.",
            most=LONGEST_DAYS,
        )
    until = now + days * DAY_MS
    number = desk.store.api_keys.make(name, label, key_hash, now=now, until=until)
    return {"id": number, "until": until}


def key_end(desk: Desk, said: dict[str, Any], _batch: Batch, now: int) -> dict[str, Any]:
    """Ends a key at once."""
    number = int(said["id"])
    if not desk.store.api_keys.end(number, now):
        raise Refused("There is no key {id} in force.", id=number)
    return {"id": number}


KEY_COMMANDS = {"key.make": key_make, "key.end": key_end}
