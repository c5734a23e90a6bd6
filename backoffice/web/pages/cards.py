"""A card: what the books know, what was done with it, what moved on it, and what may be done."""

import json
from dataclasses import dataclass
from secrets import token_hex
from typing import Final

from starlette.responses import Response

from backoffice.accounts import CardRecord, Life, life_of
from backoffice.commands.issue import ON_SHELF
from backoffice.errors import Refused
from backoffice.people import May
from backoffice.prepaid_rules import CardClass
from backoffice.reports.card_statement import REASON_WORDS, CardStatement, card_statement
from backoffice.store.directory import ORG
from backoffice.web.visit import Visit
from backoffice.words import N_
from broker.business_day import business_day

MOST_FOUND: Final = 50
MOST_MOVES: Final = 500
SHORTEST_END: Final = 4
PURSE_ON_CHIP: Final = 10
"""Bytes of a purse's serial, by which a card with one on its chip is known."""

LIVES: Final = {
    Life.STOCK: N_("set aside"),
    Life.SOLD: N_("sold, not used yet"),
    Life.ACTIVE: N_("active"),
    Life.LOST: N_("lost"),
    Life.BLOCKED: N_("blocked"),
    Life.EXPIRED: N_("expired"),
    Life.REPLACED: N_("replaced"),
    Life.REFUNDED: N_("refunded"),
    Life.RETIRED: N_("retired"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A card in a list."""

    number: int
    word: str
    balance: int | None
    holder: str


def today_of(visit: Visit) -> int:
    """The organisation's business day, YYYYMMDD."""
    return business_day(visit.now, visit.organisation.zone, visit.organisation.cutoff_hour)


def cards(visit: Visit) -> Response:
    """Finds cards by number or by its end, lists those of a state, and says how many there are."""
    asked, listed = visit.asked("number"), visit.asked("state")
    digits = "".join(one for one in asked if one.isascii() and one.isdigit())
    found: list[Shown] = []
    older = 0
    if asked:
        if len(digits) >= 14:
            return visit.go(f"/cards/{digits[:19]}")
        if len(digits) < SHORTEST_END:
            raise Refused("Give the whole number on the card, or its last four digits or more.")
        found = [_shown(visit, one) for one in visit.store.cards.ending_in(digits, MOST_FOUND)]
    elif listed:
        found, older = _listed(visit, listed)
    return visit.show(
        "cards.html", stock=_stock(visit), asked=asked, found=found, listed=listed, older=older
    )


def _stock(visit: Visit) -> dict[str, tuple[str, int]]:
    """State and end as the address names them -> the word for it, and how many cards."""
    stock: dict[str, tuple[str, int]] = {}
    for state, ended, _kind, _card_class, count in visit.store.cards.stock():
        word = LIVES[life_of(_bare(state, ended), 0, has_paid=True)]
        name = f"{state}-{ended}"
        stock[name] = (word, stock.get(name, (word, 0))[1] + count)
    return stock


def _listed(visit: Visit, name: str) -> tuple[list[Shown], int]:
    """A page of the cards in a state, and the number below which the next one begins."""
    state, _, ended = name.partition("-")
    if not (state in "012" and state and ended in "0123" and ended):
        return [], 0
    numbers = visit.store.cards.page(
        int(state), int(ended), before=visit.number("before", 2**62), most=MOST_FOUND + 1
    )
    older = numbers[MOST_FOUND - 1] if len(numbers) > MOST_FOUND else 0
    return [_shown(visit, one) for one in numbers[:MOST_FOUND]], older


def _bare(state: int, ended: int) -> CardRecord:
    return CardRecord(0, 0, 0, state, 0, 0, None, ended=ended)


def _shown(visit: Visit, number: int) -> Shown:
    card = visit.store.cards.get(ORG, number)
    assert card is not None, "found a moment ago"
    life = visit.store.cards.life(card, today_of(visit))
    return Shown(number, LIVES[life], card.balance, card.holder)


def card_of(visit: Visit) -> CardRecord:
    """The card of the address.

    Raises:
        Refused: there is none of that number.
    """
    text = str(visit.request.path_params["number"])
    is_number = text.isascii() and text.isdigit() and len(text) < 19
    found = visit.store.cards.get(ORG, int(text)) if is_number else None
    if found is None:
        raise Refused("There is no such card in the books; check the number.")
    return found


def is_on_shelf(visit: Visit, card: CardRecord) -> bool:
    """True when it lies written on the shelf and can be sold."""
    if visit.store.cards.life(card, today_of(visit)) is not Life.STOCK:
        return False
    return any(event.word == ON_SHELF for event in visit.store.cards.events(card.number))


def card(visit: Visit) -> Response:
    """One card with its past, its statement, and the forms that this person may use."""
    known = card_of(visit)
    life = visit.store.cards.life(known, today_of(visit))
    levels = json.loads(visit.organisation.levels)
    statement = _statement(visit, known)
    member = visit.store.members.get(known.member) if known.member else None
    return visit.show(
        "card.html",
        card=known,
        life=life,
        Life=Life,
        word=LIVES[life],
        on_chip=len(known.chip) == PURSE_ON_CHIP,
        on_shelf=is_on_shelf(visit, known),
        level=levels[known.level] if known.level < len(levels) else known.level,
        card_class=CardClass(known.card_class).name.lower(),
        member=member,
        events=visit.store.cards.events(known.number)[::-1][:200],
        statement=statement,
        moves=statement.moves[-MOST_MOVES:][::-1] if statement else (),
        reasons={reason.name.lower(): word for reason, word in REASON_WORDS.items()},
        drawers=[row[0] for row in visit.store.directory.terminals() if row[4] > 0],
        op=token_hex(16),
        may_money=visit.me.may(May.CARD_MONEY),
        may_block=visit.me.may(May.CARD_BLOCK),
    )


def _statement(visit: Visit, card: CardRecord) -> CardStatement | None:
    """What moved on the card in the days asked for, or in all its days."""
    first = visit.day("from", 20000101)
    return card_statement(visit.store, card.number, first, visit.day("to", 20991231))
