"""What every change of a card at the desk needs: the card, the day, the country's rules, the note.

A change keeps who made it, when and why, in the same transaction (`card_event`).
"""

import json
from typing import Any

from backoffice.accounts import CardRecord, End
from backoffice.errors import Refused, UsageFault
from backoffice.handlers.desk import Desk
from backoffice.ledger import BANK, Reason, Transfer, drawer
from backoffice.prepaid_rules import Objection, RuleSet, against_cash, rules_in_force
from backoffice.store.cards import CardEvent
from backoffice.store.directory import ORG, OrganisationRow
from backoffice.store.ledger import Cause
from backoffice.words import N_
from broker.business_day import business_day
from broker.messages import CardState
from broker.units import MAX_MINOR, decimal_text

NO_END = 20991231
"""Last day of a card that does not expire: what the chip can hold."""

ENDED = {
    End.REPLACED: N_("This card was replaced; it stays blocked for ever."),
    End.REFUNDED: N_("This card was refunded; it stays blocked for ever."),
    End.RETIRED: N_("This card was retired; it stays blocked for ever."),
}


def organisation_of(desk: Desk) -> OrganisationRow:
    """The organisation.

    Raises:
        Refused: there is none yet.
    """
    organisation = desk.store.directory.organisation()
    if organisation is None:
        raise Refused("There is no organisation yet; run `backoffice apply market.toml` first.")
    return organisation


def levels_of(desk: Desk) -> list[str]:
    """Names of the price levels, the shelf price first."""
    levels: list[str] = json.loads(organisation_of(desk).levels)
    return levels


def today(desk: Desk, now: int) -> int:
    """The organisation's business day at `now`."""
    organisation = organisation_of(desk)
    return business_day(now, organisation.zone, organisation.cutoff_hour)


def rules_today(desk: Desk, now: int) -> RuleSet | None:
    """The rules for prepaid cards that hold; None when the organisation names no country."""
    organisation = organisation_of(desk)
    return rules_in_force(organisation.country, organisation.currency, today(desk, now))


def obey(desk: Desk, objection: Objection | None) -> None:
    """Nothing, when the law has nothing against it.

    Raises:
        Refused: with the law's sentence.
    """
    if objection is not None:
        exponent = organisation_of(desk).exponent
        sums = {name: decimal_text(minor, exponent) for name, minor in objection.sums.items()}
        if objection.years:
            sums["years"] = str(objection.years)
        raise Refused(objection.sentence, **sums)


def card_in_use(desk: Desk, said: dict[str, Any]) -> CardRecord:
    """The card that a command names, alive or blocked, but not ended.

    Raises:
        Refused: no such card, only set aside, or ended.
    """
    card = desk.store.cards.get(ORG, int(said["number"]))
    if card is None or card.state == CardState.STOCK:
        raise Refused("There is no such card in the books; check the number.")
    if card.ended:
        raise Refused(ENDED[End(card.ended)])
    return card


def till_of(desk: Desk, said: dict[str, Any]) -> str:
    """The terminal in whose drawer the money lies; empty = it came through the bank.

    Raises:
        Refused: there is no such terminal.
    """
    code = str(said.get("till", ""))
    if code and desk.store.directory.terminal(code) is None:
        raise Refused(
            "There is no terminal {code}; add it to the market file and apply that.", code=code
        )
    return code


def source_of(said: dict[str, Any]) -> str:
    """The account that money for a card comes from."""
    return drawer(str(said["till"])) if said.get("till") else BANK


def obey_cash(desk: Desk, said: dict[str, Any], amount: int, *, now: int) -> None:
    """Nothing, when the law lets that much be paid the way it is paid."""
    rules = rules_today(desk, now)
    if rules is not None and said.get("till"):
        obey(desk, against_cash(rules, amount, is_organisation=bool(said.get("organisation"))))


def sum_of(said: dict[str, Any], name: str) -> int:
    """A sum of zero or more that a command was given; 0 when it was not."""
    amount = int(said.get(name, 0))
    if not 0 <= amount <= MAX_MINOR:
        raise UsageFault("A sum is zero or more.")
    return amount


def note(
    desk: Desk, number: int, word: str, said: dict[str, Any], *, now: int, detail: str = ""
) -> None:
    """Keeps who did what to a card, when and why."""
    event = CardEvent(now, word, str(said.get("by", "")), str(said.get("reason", "")), detail)
    desk.store.cards.note(number, event)


def book(desk: Desk, op: bytes, reason: Reason, transfers: list[Transfer], *, now: int) -> None:
    """Posts what a command moves; a command without sums posts nothing."""
    if transfers:
        cause = Cause(ORG, op, 1, reason, today(desk, now), now)
        desk.store.ledger.post(cause, transfers)


def operation_of(said: dict[str, Any]) -> bytes:
    """The operation's name, 16 bytes; the same one again books nothing."""
    op = bytes.fromhex(str(said["op"]))
    if len(op) != 16:
        raise UsageFault("An operation has a name of 16 bytes.")
    return op
