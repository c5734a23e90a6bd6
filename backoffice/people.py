"""Who may do what at the office, and whose rows he sees. Pure.

A role gives rights. Who runs a store is tied to it, and so may be an auditor: such a person
sees the rows of these stores alone, and nothing that belongs to no store (cards, people, the log).
"""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from backoffice.errors import Refused, UsageFault


class Role(StrEnum):
    """What a person is at the office."""

    OWNER = "owner"
    MANAGER = "manager"
    STORE = "store"
    """Runs one or more stores and sees these alone."""
    DESK = "desk"
    """Sells and serves cards."""
    AUDITOR = "auditor"
    """Reads everything, changes nothing."""


class May(StrEnum):
    """One right."""

    LOOK = "look"
    """Reports, tills and alerts."""
    PRICES = "prices"
    CARDS = "cards"
    """Look at a card, its statement, and members."""
    CARD_BLOCK = "card-block"
    CARD_MONEY = "card-money"
    """Top up, refund."""
    SETTLE = "settle"
    """Say that an alert was seen to."""
    MEMBERS = "members"
    """Make members, change, level and forget them, give them cards."""
    STOCK = "stock"
    """Write down goods in, waste and counts."""
    TILLS = "tills"
    """Lock a till out and let it in."""
    AUDIT = "audit"
    PEOPLE = "people"


_ALL: Final = frozenset(May)
RIGHTS: Final[dict[Role, frozenset[May]]] = {
    Role.OWNER: _ALL,
    Role.MANAGER: _ALL - {May.PEOPLE},
    Role.STORE: frozenset({May.LOOK, May.SETTLE, May.STOCK}),
    Role.DESK: frozenset({May.CARDS, May.CARD_BLOCK, May.CARD_MONEY, May.MEMBERS}),
    Role.AUDITOR: frozenset({May.LOOK, May.CARDS, May.AUDIT}),
}
"""What a person without tied stores may do."""

TIED: Final = frozenset({May.LOOK, May.SETTLE, May.STOCK})
"""What is left of it for a person tied to stores: only this is kept by store."""

_CAN_BE_TIED: Final = frozenset({Role.STORE, Role.AUDITOR})

NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}\Z")
SHORTEST: Final = 12
LONGEST: Final = 128
"""Characters of a password: NIST SP 800-63B 3.1.1.2, length before rules about kinds."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person with a password; `stores` empty = tied to none, sees all."""

    name: str
    role: Role
    stores: tuple[str, ...] = ()
    password: str = ""
    """Argon2id, PHC string; never shown."""
    suspended: bool = False
    generation: int = 1
    """Raised by every change of role, stores or password: older sessions end."""

    def may(self, right: May) -> bool:
        """True when the role has the right and nothing else stands against it."""
        if self.suspended or right not in RIGHTS[self.role]:
            return False
        return not self.stores or right in TIED

    def sees(self, store: str) -> bool:
        """True when rows of that store are for this person's eyes."""
        return not self.stores or store in self.stores


def checked_person(name: str, role: str, stores: list[str], *, known: AbstractSet[str]) -> Person:
    """A person without password, if the words make sense.

    Raises:
        UsageFault: with what is wrong.
    """
    if not NAME.match(name):
        raise UsageFault("A name has 2 to 32 of a-z, 0-9, dot, - and _.")
    if role not in list(Role):
        raise UsageFault("A role is one of {roles}.", roles=" ".join(Role))
    strange = sorted(set(stores) - known)
    if strange:
        raise UsageFault("There is no store {store}.", store=strange[0])
    if role == Role.STORE and not stores:
        raise UsageFault("Say which store this person runs.")
    if stores and role not in _CAN_BE_TIED:
        raise UsageFault("Only the roles store and auditor are tied to stores.")
    return Person(name, Role(role), tuple(sorted(set(stores))))


def check_password(name: str, password: str) -> None:
    """Refuses what is soon guessed.

    Raises:
        Refused: too short, too long, or the name itself.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(
            "A password has {shortest} to {longest} characters; a short sentence is a good one.",
            shortest=SHORTEST,
            longest=LONGEST,
        )
    if name in password.lower() or len(set(password)) < 5:
        raise Refused("That password is easily guessed; take another.")
