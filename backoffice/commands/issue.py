"""Issuing a card in the books, in two steps around the writing of the chip.

First a number is set aside; when the chip is written and read back, card, purse and opening balance
are booked in one transaction.

A card pulled in between keeps its reservation: the same chip with the same wishes gets the same
number again, so the chip can be finished and no number is lost.
"""

from dataclasses import dataclass
from typing import Any

from backoffice.accounts import STORED_VALUE, CardRecord
from backoffice.card_desk import (
    NO_END,
    book,
    card_in_use,
    note,
    obey,
    obey_cash,
    organisation_of,
    rules_today,
    source_of,
    till_of,
    today,
)
from backoffice.commands.card import move_to_new, nothing_in_doubt, want_on_chip
from backoffice.commands.member import member_card, member_in
from backoffice.errors import Refused, UsageFault
from backoffice.handlers.desk import Batch, Desk
from backoffice.ledger import Reason, moved, principal
from backoffice.members import reference
from backoffice.prepaid_rules import CardClass, against_balance, against_holder, against_validity
from backoffice.store.directory import ORG
from backoffice.store.moves import PurseMove
from broker.messages import CardState
from broker.units import MAX_MINOR

FIRST_TOKEN_SEQ = 1
ON_SHELF = "shelf"
"""The event of a written card that waits to be sold."""


def luhn_digit(digits: str) -> int:
    """The check digit of ISO/IEC 7812-1 annex B for a string of digits."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return (10 - total % 10) % 10


def card_number(issuer: int, serial: int) -> int:
    """Issuer 4 digits, serial 10, check digit (decision 23)."""
    digits = f"{issuer:04d}{serial:010d}"
    return int(digits + str(luhn_digit(digits)))


def _shown(card: CardRecord) -> dict[str, Any]:
    return {
        "number": card.number, "kind": card.kind, "level": card.level, "opening": card.opening,
        "valid_from": card.valid_from, "valid_to": card.valid_to, "token_seq": card.token_seq,
        "token": card.token.hex(), "state": CardState(card.state).name.lower(),
        "class": CardClass(card.card_class).name.lower(), "holder": card.holder,
        "replaces": card.replaces, "chip": card.chip.hex(), "batch": card.batch.hex(),
        "member": card.member,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a card is to be."""

    kind: int
    level: int
    opening: int
    valid_to: int
    card_class: int
    holder: str
    replaces: int
    member: int = 0


def _wishes(desk: Desk, said: dict[str, Any]) -> Wishes:
    """What a command wishes; a replacement is of its old card's kind and class.

    Raises:
        UsageFault: no card can be that.
    """
    replaces = int(said.get("replaces", 0))
    if replaces:
        old = card_in_use(desk, {"number": replaces})
        nothing_in_doubt(desk, replaces)
        return Wishes(
            old.kind, old.level, 0, int(said.get("valid_to") or old.valid_to), old.card_class,
            old.holder, replaces, old.member,
        )  # fmt: skip
    member = member_in(desk, said) if said.get("member") else None
    holder = str(said.get("holder", ""))[:80] or (reference(member.id) if member else "")
    wishes = Wishes(
        int(said["kind"]), member.level if member else int(said["level"]), int(said["opening"]),
        int(said["valid_to"]), int(CardClass[str(said.get("class", "bearer")).upper()]), holder,
        0, member.id if member else 0,
    )  # fmt: skip
    opening = wishes.opening
    if wishes.kind not in (1, 2, 3) or not 0 <= wishes.level <= 9 or not 0 <= opening <= MAX_MINOR:
        raise UsageFault("A card has a kind, a level from 0 to 9 and an opening sum from 0 on.")
    if opening and not wishes.kind & STORED_VALUE:
        raise UsageFault("Only a stored-value card takes an opening sum.")
    return wishes


def _obey_law(desk: Desk, wishes: Wishes, day: int, now: int) -> None:
    """Asks the country's rules about a new stored-value card."""
    rules = rules_today(desk, now)
    if rules is None or not wishes.kind & STORED_VALUE or wishes.replaces:
        return
    card_class = wishes.card_class
    obey(desk, against_balance(rules, card_class, wishes.opening))
    obey(desk, against_holder(rules, card_class, wishes.holder, wishes.opening))
    obey(desk, against_validity(rules, card_class, day, wishes.valid_to, no_end=NO_END))


def card_reserve(desk: Desk, said: dict[str, Any], _batch: Batch, now: int) -> dict[str, Any]:
    """Sets a number aside for a chip, or finds the one set aside before."""
    organisation = organisation_of(desk)
    chip, batch = bytes.fromhex(said["chip"]), bytes.fromhex(str(said.get("batch", "")))
    wishes, day, on_chip = _wishes(desk, said), today(desk, now), int(said.get("on_chip", 0))
    before = desk.store.cards.by_chip(ORG, chip) if chip else None
    if before is not None and not before.ended:
        if before.state != CardState.STOCK:
            raise Refused("This chip is a card in our books already; use a fresh one.")
        if wishes == _wished(before) and on_chip in (0, before.number):
            if batch and batch != before.batch:
                desk.store.cards.set_batch(ORG, before.number, batch)
            return _shown(before)
    if on_chip:
        raise Refused("This card is issued already as another one; use a fresh card.")
    _obey_law(desk, wishes, day, now)
    number = card_number(organisation.issuer, desk.store.directory.next_serial())
    # A card without a chip has no token yet: it gets its first one with its first payment.
    # One with a purse never has one: its own proofs tell.
    has_token = bool(chip) and said.get("family") != "cpu"
    token_seq, token = (FIRST_TOKEN_SEQ, desk.new_token()) if has_token else (0, b"")
    card = CardRecord(
        number=number, kind=wishes.kind, level=wishes.level, state=int(CardState.STOCK),
        valid_from=day, valid_to=wishes.valid_to, balance=None,
        chip=chip or number.to_bytes(16, "big"), token_seq=token_seq, token=token,
        opening=wishes.opening, card_class=wishes.card_class, holder=wishes.holder,
        replaces=wishes.replaces, batch=batch, member=wishes.member,
    )  # fmt: skip
    desk.store.cards.save(card, issued_at=now)
    note(desk, number, "reserve", said, now=now)
    return _shown(card)


def _wished(card: CardRecord) -> Wishes:
    return Wishes(
        card.kind, card.level, card.opening, card.valid_to, card.card_class, card.holder,
        card.replaces, card.member,
    )  # fmt: skip


def card_activate(desk: Desk, said: dict[str, Any], _batch: Batch, now: int) -> dict[str, Any]:
    """The chip is written: card, purse and opening balance come alive at once; idempotent.

    serial: of a purse on the chip (20 hex digits); the books know the card by it from now on.
    """
    number = int(said["number"])
    card = desk.store.cards.get(ORG, number)
    if card is None or card.ended:
        raise Refused("This number was never set aside; begin again with `card issue`.")
    moved_sum = 0
    if card.state == CardState.STOCK:
        old = card_in_use(desk, {"number": card.replaces}) if card.replaces else None
        if card.kind & STORED_VALUE:
            account = desk.store.ledger.account(ORG, principal(number))
            desk.store.cards.set_account(ORG, number, account)
            opened = moved(source_of(said), principal(number), card.opening)
            book(desk, number.to_bytes(16, "big"), Reason.ISSUE, opened, now=now)
        if old is not None:
            moved_sum = move_to_new(desk, old, number, said=said, now=now)
        if said.get("serial"):
            desk.store.cards.set_chip(ORG, number, bytes.fromhex(str(said["serial"])))
        if old is not None:
            op = number.to_bytes(16, "big")
            want_on_chip(desk, number, PurseMove(op, number, Reason.REPLACE, moved_sum), now)
        desk.store.cards.set_state(ORG, number, int(CardState.ACTIVE))
        word = str(said.get("word", "issue"))
        note(desk, number, word, said, now=now, detail=f"{card.opening or moved_sum} fen")
    after = desk.store.cards.get(ORG, number)
    assert after is not None, "read a moment ago"
    return {**_shown(after), "balance": after.balance}


def card_shelve(desk: Desk, said: dict[str, Any], _batch: Batch, now: int) -> dict[str, Any]:
    """The chip is written and the card lies on the shelf: it pays nothing until it is sold.

    A purse on the chip would pay without us, so such a card comes alive when it is written.
    """
    card = desk.store.cards.get(ORG, int(said["number"]))
    if card is None or card.ended or card.state != CardState.STOCK:
        raise Refused("This number was never set aside; begin again with `card issue`.")
    if said.get("serial") or card.replaces:
        raise Refused("A purse on the chip, and a replacement, is issued and not put on a shelf.")
    if not is_on_shelf(desk, card.number):
        note(desk, card.number, ON_SHELF, said, now=now)
    return {"number": card.number, "opening": card.opening}


def is_on_shelf(desk: Desk, number: int) -> bool:
    """True when the card was written and put on the shelf, whatever became of it since."""
    return any(event.word == ON_SHELF for event in desk.store.cards.events(number))


def card_sell(desk: Desk, said: dict[str, Any], batch: Batch, now: int) -> dict[str, Any]:
    """Sells a card from the shelf: it comes alive with its opening sum, paid for now.

    till: the terminal whose drawer took the money, empty = by bank; member: whose card it is.
    The same card again sells nothing.
    """
    number = int(said["number"])
    card = desk.store.cards.get(ORG, number)
    if card is None or card.ended or not is_on_shelf(desk, number):
        raise Refused("This card is not on the shelf; see `card show`.")
    if card.state == CardState.STOCK:
        till_of(desk, said)
        obey_cash(desk, said, card.opening, now=now)
        card_activate(desk, {**said, "word": "sell", "serial": ""}, batch, now)
        if said.get("member"):
            member_card(desk, said, batch, now)
    after = desk.store.cards.get(ORG, number)
    assert after is not None, "read above"
    return {"number": number, "balance": after.balance, "level": after.level}


def card_begun(desk: Desk, said: dict[str, Any], _batch: Batch, _now: int) -> dict[str, Any]:
    """What the books know of a chip and of a batch's row; changes nothing.

    Two answers: the card last made on `chip`, and the one made for `batch`; {} for none.
    """
    chip, batch = (bytes.fromhex(str(said.get(name, ""))) for name in ("chip", "batch"))
    on_chip = desk.store.cards.by_chip(ORG, chip) if chip else None
    of_row = desk.store.cards.by_batch(ORG, batch) if batch else None
    return {
        "chip": _shown(on_chip) if on_chip and not on_chip.ended else {},
        "batch": _shown(of_row) if of_row else {},
    }
