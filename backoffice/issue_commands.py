"""Issuing a card in the books, in two steps around the writing of the chip.

First a number is set aside; when the chip is written and read back, card, purse and opening balance
are booked in one transaction.

A card pulled in between keeps its reservation: the same chip with the same wishes gets the same
number again, so the chip can be finished and no number is lost.
"""

from typing import Any

from backoffice.accounts import STORED_VALUE, CardRecord
from backoffice.errors import Refused, UsageFault
from backoffice.handlers.desk import Batch, Desk
from backoffice.ledger import BANK, Reason, moved, principal
from backoffice.store.directory import ORG
from backoffice.store.ledger import Cause
from broker.business_day import business_day
from broker.messages import CardState
from broker.units import MAX_MINOR

FIRST_TOKEN_SEQ = 1


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
    }  # fmt: skip


def card_reserve(desk: Desk, said: dict[str, Any], _batch: Batch, now: int) -> dict[str, Any]:
    """Sets a number aside for a chip, or finds the one set aside before."""
    organisation = desk.store.directory.organisation()
    if organisation is None:
        raise Refused("There is no organisation yet; run `backoffice apply market.toml` first.")
    chip, kind, level = bytes.fromhex(said["chip"]), int(said["kind"]), int(said["level"])
    opening, valid_to = int(said["opening"]), int(said["valid_to"])
    if kind not in (1, 2, 3) or not 0 <= level <= 9 or not 0 <= opening <= MAX_MINOR:
        raise UsageFault("A card has a kind, a level from 0 to 9 and an opening sum from 0 on.")
    if opening and not kind & STORED_VALUE:
        raise UsageFault("Only a stored-value card takes an opening sum.")
    wished = (kind, level, opening, valid_to)
    before = desk.store.cards.by_chip(ORG, chip) if chip else None
    if before is not None:
        if before.state == CardState.STOCK and wished == (
            before.kind, before.level, before.opening, before.valid_to,
        ):  # fmt: skip
            return _shown(before)
        if before.state != CardState.STOCK:
            raise Refused("This chip is a card in our books already; use a fresh one.")
    day = business_day(now, organisation.zone, organisation.cutoff_hour)
    number = card_number(organisation.issuer, desk.store.directory.next_serial())
    # A card without a chip has no token yet: it gets its first one with its first payment.
    token_seq, token = (FIRST_TOKEN_SEQ, desk.new_token()) if chip else (0, b"")
    card = CardRecord(
        number=number, kind=kind, level=level, state=int(CardState.STOCK), valid_from=day,
        valid_to=valid_to, balance=None, chip=chip or number.to_bytes(16, "big"),
        token_seq=token_seq, token=token, opening=opening,
    )  # fmt: skip
    desk.store.cards.save(card, issued_at=now)
    return _shown(card)


def card_activate(desk: Desk, said: dict[str, Any], _batch: Batch, now: int) -> dict[str, Any]:
    """The chip is written: card, purse and opening balance come alive at once; idempotent."""
    number = int(said["number"])
    card = desk.store.cards.get(ORG, number)
    organisation = desk.store.directory.organisation()
    if card is None or organisation is None:
        raise Refused("This number was never set aside; begin again with `card issue`.")
    if card.state == CardState.STOCK:
        if card.kind & STORED_VALUE:
            account = desk.store.ledger.account(ORG, principal(number))
            desk.store.cards.set_account(ORG, number, account)
            day = business_day(now, organisation.zone, organisation.cutoff_hour)
            cause = Cause(ORG, number.to_bytes(16, "big"), 1, Reason.ISSUE, day, now)
            desk.store.ledger.post(cause, moved(BANK, principal(number), card.opening))
        desk.store.cards.set_state(ORG, number, int(CardState.ACTIVE))
    after = desk.store.cards.get(ORG, number)
    assert after is not None, "read a moment ago"
    return {**_shown(after), "balance": after.balance}
