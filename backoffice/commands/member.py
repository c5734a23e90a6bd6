"""Commands about members: made, changed, given a level, given a card, forgotten.

    member.add      {name, phone?, level?, note?, terms?, by, reason}      -> {member, level}
    member.change   {member, name?, phone?, note?, terms?, by, reason}     -> {member, level}
    member.level    {member, level, by, reason}        -> {member, level, cards: [numbers]}
    member.card     {member, number, by, reason}       -> {member, number, level}
    member.uncard   {number, by, reason}               -> {member, number, level}
    member.find     {phone}                            -> {member}; 0 = nobody; changes nothing
    member.forget   {member, by, reason}               -> {member, cards: [numbers]}

`member` is the member's number, `number` a card's. A member's level is the level of his cards; it
reaches a till with the next question about the card: the office declines the price that the till
made of the level on the card, and says which level is right (decision 24).
"""

from dataclasses import replace
from typing import Any

from backoffice.accounts import MEMBER, CardRecord
from backoffice.card_desk import card_in_use, levels_of, note
from backoffice.errors import Refused, UsageFault
from backoffice.handlers.desk import Batch, Desk
from backoffice.members import Member, changed, digits_of, forgotten, phone_hash, private, reference
from backoffice.members import scrubbed as without_person
from backoffice.prepaid_rules import CardClass
from backoffice.second_journal import OfficeOperation, operation_in
from backoffice.store.cards import CardEvent
from backoffice.store.directory import ORG

Arguments = dict[str, Any]


def kept_private(desk: Desk, name: str, said: Arguments) -> Arguments:
    """What a command says as it may be kept: a telephone number becomes its hash."""
    if not name.startswith("member.") or "phone" not in said:
        return said
    return private(said, desk.mac_master, _country(desk))


def _country(desk: Desk) -> str:
    organisation = desk.store.directory.organisation()
    return organisation.country if organisation else ""


def member_in(desk: Desk, said: Arguments) -> Member:
    """The member that a command names.

    Raises:
        Refused: there is none, or he is forgotten.
    """
    member = desk.store.members.get(int(said["member"]))
    if member is None:
        raise Refused("There is no member {number}.", number=int(said["member"]))
    if member.ended_at:
        raise Refused("Member {number} is forgotten.", number=member.id)
    return member


def checked_level(desk: Desk, level: int) -> int:
    """The price level, when the organisation has it.

    Raises:
        UsageFault: there is no such level.
    """
    levels = levels_of(desk)
    if not 0 <= level < len(levels):
        raise UsageFault(
            "There is no price level {level}; there are {levels}.",
            level=level, levels=", ".join(f"{n} {word}" for n, word in enumerate(levels)),
        )  # fmt: skip
    return level


def member_add(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Makes a member; the same telephone number again is refused with the number he has."""
    level = checked_level(desk, int(said.get("level", 0)))
    fresh = Member(desk.store.members.next_number(), level, "", joined_at=now)
    member = changed(fresh, said, now)
    _phone_is_free(desk, member)
    desk.store.members.save(member)
    _note(desk, member.id, "add", said, now=now, detail=f"level {level}")
    return {"member": member.id, "level": level}


def member_change(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Changes what is known of a member; what is not said stays."""
    before = desk.store.members.get(int(said["member"])) if said.get("forgotten") else None
    member = changed(before or member_in(desk, said), said, now)
    _phone_is_free(desk, member)
    desk.store.members.save(member)
    words = sorted({"name", "note", "phone_hash", "terms"} & set(said))
    _note(desk, member.id, "change", said, now=now, detail=" ".join(words))
    return {"member": member.id, "level": member.level}


def _phone_is_free(desk: Desk, member: Member) -> None:
    other = desk.store.members.by_phone(member.phone_hash) if member.phone_hash else 0
    if other not in (0, member.id):
        raise Refused("This telephone number is that of member {number}.", number=other)


def member_level(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Gives a member and his living cards a level."""
    member, level = member_in(desk, said), checked_level(desk, int(said["level"]))
    desk.store.members.save(replace(member, level=level))
    numbers = []
    for card in _living(desk, member.id):
        if card.kind & MEMBER and card.level != level:
            _set_level(desk, card, level, said=said, now=now)
            numbers.append(card.number)
    _note(desk, member.id, "level", said, now=now, detail=f"{member.level} to {level}")
    return {"member": member.id, "level": level, "cards": numbers}


def _living(desk: Desk, member: int) -> list[CardRecord]:
    found = (desk.store.cards.get(ORG, number) for number in desk.store.members.cards(member))
    return [card for card in found if card is not None and not card.ended]


def _set_level(desk: Desk, card: CardRecord, level: int, *, said: Arguments, now: int) -> None:
    desk.store.cards.set_level(card.number, level)
    note(desk, card.number, "level", said, now=now, detail=f"{card.level} to {level}")


def member_card(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Gives a card to a member; a card of the member sort takes the member's level."""
    member, card = member_in(desk, said), card_in_use(desk, said)
    if card.member not in (0, member.id):
        raise Refused("This card is that of member {number}.", number=card.member)
    if not card.member:
        desk.store.cards.set_member(card.number, member.id)
        note(desk, card.number, "member", said, now=now, detail=reference(member.id))
        _note(desk, member.id, "card", said, now=now, detail=f"...{card.number % 10_000:04d}")
    level = member.level if card.kind & MEMBER else card.level
    if level != card.level:
        _set_level(desk, card, level, said=said, now=now)
    return {"member": member.id, "number": card.number, "level": level}


def member_uncard(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """The card is nobody's again, at the shelf price."""
    card = card_in_use(desk, said)
    if not card.member:
        raise Refused("This card is nobody's.")
    if card.card_class == CardClass.REGISTERED:
        raise Refused("A registered card keeps its holder; refund or replace it.")
    _let_go(desk, card, said=said, now=now)
    return {"member": card.member, "number": card.number, "level": 0}


def _let_go(desk: Desk, card: CardRecord, *, said: Arguments, now: int) -> None:
    desk.store.cards.set_member(card.number, 0)
    note(desk, card.number, "no-member", said, now=now, detail=reference(card.member))
    if card.level:
        _set_level(desk, card, 0, said=said, now=now)


def member_find(desk: Desk, said: Arguments, _batch: Batch, _now: int) -> Arguments:
    """Who has that telephone number."""
    digits = digits_of(str(said["phone"]), _country(desk))
    return {"member": desk.store.members.by_phone(phone_hash(digits, desk.mac_master))}


def member_forget(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Erases the person: here, and in what the office's journals keep; sales and cards stay.

    Living cards become nobody's, at the shelf price. Forgetting the forgotten is a success.
    """
    member = desk.store.members.get(int(said["member"]))
    if member is None:
        raise Refused("There is no member {number}.", number=int(said["member"]))
    cards = _living(desk, member.id)
    if any(card.card_class == CardClass.REGISTERED for card in cards):
        raise Refused("A registered card keeps its holder; refund or replace it first.")
    for card in cards:
        _let_go(desk, card, said=said, now=now)
    desk.store.members.save(forgotten(member, now))
    for uid, line in desk.store.office.of_members():
        before = operation_in(line)
        after = without_members(before, {member.id})
        if after != before:
            desk.store.office.rewrite(uid, after.line())
    if not member.ended_at:
        _note(desk, member.id, "forget", said, now=now, detail=f"{len(cards)} cards")
    return {"member": member.id, "cards": [card.number for card in cards]}


def without_members(one: OfficeOperation, gone: set[int]) -> OfficeOperation:
    """A command of the journal, without the person when it was about one of those members."""
    if not one.command.startswith("member.") or one.said.get("forgotten"):
        return one
    about = one.said.get("member", one.result.get("member"))
    return replace(one, said=without_person(one.said)) if about in gone else one


def scrub_second(desk: Desk) -> None:
    """Forgets in the second journal who is forgotten in the books."""
    if desk.second is None:
        return
    operations = desk.second.operations()
    gone = {one.result["member"] for one in operations if one.command == "member.forget"}
    if gone:
        desk.second.rewrite(lambda one: without_members(one, gone))


def _note(
    desk: Desk, number: int, word: str, said: Arguments, *, now: int, detail: str = ""
) -> None:
    # Why a name was changed tells of the person; it stands in the command's line alone.
    reason = "" if word in ("add", "change") else str(said.get("reason", ""))
    event = CardEvent(now, word, str(said.get("by", "")), reason, detail)
    desk.store.members.note(number, event)
