"""Members: found by name, number or telephone; one with level, cards and past; what may be done."""

import json
from collections.abc import Callable
from typing import Any, Final

from starlette.responses import Response

from backoffice.errors import Refused
from backoffice.members import LONGEST_NAME, LONGEST_NOTE, LONGEST_TERMS, Member
from backoffice.people import May
from backoffice.store.directory import ORG
from backoffice.web.pages.cards import LIVES, today_of
from backoffice.web.pages.sure import is_sure
from backoffice.web.visit import Visit
from backoffice.words import N_

MOST_SHOWN: Final = 100
LONGEST_PHONE_TEXT: Final = 40
MOST_EVENTS: Final = 200


def _levels(visit: Visit) -> list[str]:
    return list(json.loads(visit.organisation.levels))


def members(visit: Visit) -> Response:
    """The members whose name fits, or the one of a number, and a form for a new one."""
    asked = visit.asked("name")[:LONGEST_NAME]
    if asked.isascii() and asked.isdigit():
        return visit.go(f"/members/{asked}")
    found = visit.store.members.page(visit.number("after", 0), name=asked, most=MOST_SHOWN + 1)
    return visit.show(
        "members.html",
        asked=asked,
        found=found[:MOST_SHOWN],
        after=found[MOST_SHOWN - 1].id if len(found) > MOST_SHOWN else 0,
        levels=_levels(visit),
        may_change=visit.me.may(May.MEMBERS),
    )


def find(visit: Visit) -> Response:
    """The member with a telephone number; the number stands in no address."""
    number = visit.change("member.find", phone=visit.said("phone", LONGEST_PHONE_TEXT))["member"]
    if not number:
        raise Refused("No member has this telephone number.")
    return visit.go(f"/members/{number}")


def _person(visit: Visit) -> dict[str, Any]:
    """What a form says of a person; a telephone or terms left empty stay as they are."""
    said = {"name": visit.said("name", LONGEST_NAME), "note": visit.said("note", LONGEST_NOTE)}
    phone, terms = visit.said("phone", LONGEST_PHONE_TEXT), visit.said("terms", LONGEST_TERMS)
    return said | ({"phone": phone} if phone else {}) | ({"terms": terms} if terms else {})


def add(visit: Visit) -> Response:
    """Makes a member."""
    made = visit.change("member.add", **_person(visit), level=visit.chosen("level"))
    return visit.go(f"/members/{made['member']}", visit._("The member is saved."))


def member_of(visit: Visit) -> Member:
    """The member of the address.

    Raises:
        Refused: there is none of that number.
    """
    text = str(visit.request.path_params["member"])
    is_number = text.isascii() and text.isdigit() and len(text) < 19
    found = visit.store.members.get(int(text)) if is_number else None
    if found is None:
        raise Refused("There is no member {number}.", number=text[:20])
    return found


def member(visit: Visit) -> Response:
    """One member with level, cards and past, and the forms that this person may use."""
    known, today = member_of(visit), today_of(visit)
    held = [visit.store.cards.get(ORG, one) for one in visit.store.members.cards(known.id)]
    cards = [(card, LIVES[visit.store.cards.life(card, today)]) for card in held if card]
    return visit.show(
        "member.html",
        member=known,
        cards=cards,
        levels=_levels(visit),
        events=visit.store.members.events(known.id)[::-1][:MOST_EVENTS],
        may_change=visit.me.may(May.MEMBERS) and not known.ended_at,
    )


def _change(visit: Visit, number: int) -> str:
    visit.change("member.change", member=number, **_person(visit))
    return N_("The member is saved.")


def _level(visit: Visit, number: int) -> str:
    said = {"level": visit.chosen("level"), "reason": visit.said("reason", 300)}
    visit.change("member.level", member=number, **said)
    return N_("The member and the cards have the new level.")


def _card_in(visit: Visit) -> int:
    text = "".join(visit.said("number", 24).split())
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Refused("There is no such card in the books; check the number.")
    return int(text)


def _give(visit: Visit, number: int) -> str:
    visit.change("member.card", member=number, number=_card_in(visit))
    return N_("The card is this member's.")


def _take(visit: Visit, number: int) -> str:
    card = _card_in(visit)
    if card not in visit.store.members.cards(number):
        raise Refused("This card is not this member's.")
    visit.change("member.uncard", number=card)
    return N_("The card is nobody's now, at the shelf price.")


_ACTS: Final[dict[str, Callable[[Visit, int], str]]] = {
    "change": _change, "level": _level, "card": _give, "uncard": _take,
}  # fmt: skip


def act(visit: Visit) -> Response:
    """Changes a member, or forgets him after asking."""
    known, what = member_of(visit), visit.said("what", 16)
    if what == "forget":
        return _forget(visit, known)
    if what not in _ACTS:
        raise Refused("Nothing was chosen.")
    told = _ACTS[what](visit, known.id)
    return visit.go(f"/members/{known.id}", visit._(told))


def _forget(visit: Visit, known: Member) -> Response:
    question = visit._(
        "Erase name, telephone and note of member {number} for ever? Sales stay; the cards become "
        "nobody's. Backups made before still hold them until they are deleted."
    ).format(number=known.id)
    unsure = is_sure(visit, question, f"/members/{known.id}")
    if unsure is not None:
        return unsure
    visit.change("member.forget", member=known.id, reason=visit.said("reason", 300))
    return visit.go("/members", visit._("Member {number} is forgotten.").format(number=known.id))
