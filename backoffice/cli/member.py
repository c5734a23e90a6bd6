"""`backoffice member add|change|show|list|find|set-level|give-card|take-card|forget`."""

from datetime import UTC, datetime
from typing import Any

import click

from backoffice.cli.card_said import said_by
from backoffice.cli.desk import Office, change, give_json, reading, say
from backoffice.errors import Refused
from backoffice.words import N_

MEMBER_WORDS = {
    "member": N_("Number"),
    "name": N_("Name"),
    "phone": N_("Telephone ends with"),
    "level": N_("Price level"),
    "note": N_("Note"),
    "terms": N_("Terms agreed to"),
    "agreed": N_("Agreed on"),
    "joined": N_("Member since"),
    "ended": N_("Forgotten on"),
    "cards": N_("Cards"),
}
_PERSON = (
    click.option("--phone", help="Telephone; the books keep a hash and the last four digits."),
    click.option("--note", help="A few words."),
    click.option("--terms", help="Version of the terms that the member agreed to."),
    said_by,
)


def _about_a_person(command: Any) -> Any:  # noqa: ANN401  click's way
    for option in _PERSON:
        command = option(command)
    return command


def _given(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value is not None}


@click.group()
def member() -> None:
    """Members: add, change, find, level, cards, forget."""


@member.command()
@click.argument("name")
@click.option("--level", type=click.IntRange(0, 9), default=0, help="Price level.")
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@_about_a_person
@click.pass_obj
def add(office: Office, /, *, as_json: bool, **said: Any) -> None:  # noqa: ANN401  click's way
    """Make a member and print the number.

    Example: backoffice member add "Wang Fang" --phone 13800138000 --level 1 --terms 2026-05
    """
    made = change(office, "member.add", _given(said))
    if as_json:
        give_json(made)
    else:
        click.echo(made["member"])


@member.command("change")
@click.argument("member_number", metavar="MEMBER", type=int)
@click.option("--name", help="What he wants to be called.")
@_about_a_person
@click.pass_obj
def change_member(office: Office, /, *, member_number: int, **said: Any) -> None:  # noqa: ANN401
    """Change what is known of a member; what is not said stays.

    Example: backoffice member change 12 --phone 13900139000
    """
    change(office, "member.change", {"member": member_number, **_given(said)})
    say(f"{member_number}: {office._('changed')}")


@member.command("set-level")
@click.argument("member", type=int)
@click.argument("level", type=click.IntRange(0, 9))
@said_by
@click.pass_obj
def set_level(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Give a member and his cards another price level; tills learn it at the next payment.

    Example: backoffice member set-level 12 2 --reason "fifty visits"
    """
    done = change(office, "member.level", said)
    say(office._("Level {level}; {count} cards changed.").format(
        level=done["level"], count=len(done["cards"])
    ))  # fmt: skip


@member.command("give-card")
@click.argument("member", type=int)
@click.argument("number", type=int)
@said_by
@click.pass_obj
def give_card(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Say that a card is this member's; it takes the member's level.

    Example: backoffice member give-card 12 620000000000014
    """
    done = change(office, "member.card", said)
    last = f"{done['number'] % 10_000:04d}"
    say(office._("...{last}: member {member}, level {level}.").format(
        last=last, member=done["member"], level=done["level"]
    ))  # fmt: skip


@member.command("take-card")
@click.argument("number", type=int)
@said_by
@click.pass_obj
def take_card(office: Office, number: int, by: str, reason: str) -> None:
    """Say that a card is nobody's; it sells at the shelf price from now on.

    Example: backoffice member take-card 620000000000014
    """
    change(office, "member.uncard", {"number": number, "by": by, "reason": reason})
    say(f"...{number % 10_000:04d}: {office._('nobody')}")


@member.command()
@click.argument("member_number", metavar="MEMBER", type=int)
@said_by
@click.confirmation_option(prompt="Erase name, telephone and note for ever?")
@click.pass_obj
def forget(office: Office, member_number: int, by: str, reason: str) -> None:
    """Erase a member's name, telephone and note for ever; what was sold stays in the books.

    Backups made before still hold them until they are deleted.

    Example: backoffice member forget 12 --yes
    """
    said = {"member": member_number, "by": by, "reason": reason}
    done = change(office, "member.forget", said)
    say(office._("Member {member} is forgotten; {count} cards are nobody's now.").format(
        member=member_number, count=len(done["cards"])
    ))  # fmt: skip


@member.command()
@click.argument("phone")
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@click.pass_obj
def find(office: Office, phone: str, as_json: bool) -> None:  # noqa: FBT001  click's way
    """Find the member with a telephone number and show what is known.

    Example: backoffice member find 13800138000
    """
    number = change(office, "member.find", {"phone": phone})["member"]
    if not number:
        raise Refused("No member has this telephone number.")
    _show(office, number, as_json=as_json)


@member.command()
@click.argument("member_number", metavar="MEMBER", type=int)
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@click.pass_obj
def show(office: Office, member_number: int, as_json: bool) -> None:  # noqa: FBT001  click's way
    """Show what the books know of a member, and his cards.

    Example: backoffice member show 12 --json
    """
    _show(office, member_number, as_json=as_json)


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, tz=UTC).date().isoformat() if at else ""


def member_row(store: Any, known: Any) -> dict[str, Any]:  # noqa: ANN401  a Store, a Member
    """A member as programs get it; times are Unix milliseconds, 0 = not."""
    return {
        "member": known.id, "name": known.name, "phone": known.phone_last, "level": known.level,
        "note": known.note, "terms": known.terms, "agreed_at": known.agreed_at,
        "joined_at": known.joined_at, "ended_at": known.ended_at,
        "cards": store.members.cards(known.id),
    }  # fmt: skip


def _show(office: Office, number: int, *, as_json: bool) -> None:
    store = reading(office)
    known = store.members.get(number)
    if known is None:
        raise Refused("There is no member {number}.", number=number)
    row = member_row(store, known)
    if as_json:
        give_json({**row, "events": [
            {"at": one.at, "word": one.word, "by": one.person, "reason": one.reason,
             "detail": one.detail} for one in store.members.events(number)
        ]})  # fmt: skip
        return
    row |= {name: _day(row.pop(f"{name}_at")) for name in ("agreed", "joined", "ended")}
    row["cards"] = " ".join(map(str, row["cards"]))
    for name, word in MEMBER_WORDS.items():
        if row[name] or name == "level":
            click.echo(f"{office._(word)}: {row[name]}")


@member.command("list")
@click.option("--name", default="", help="Part of the name.")
@click.option("--after", default=0, type=click.IntRange(0), help="Go on after this number.")
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@click.pass_obj
def list_members(office: Office, name: str, after: int, as_json: bool) -> None:  # noqa: FBT001
    """List the members by number, at most 1,000 at once.

    Example: backoffice member list --name Wang
    """
    store = reading(office)
    found = store.members.page(after, name=name)
    if as_json:
        give_json([member_row(store, one) for one in found])
        return
    for one in found:
        phone = f"...{one.phone_last}" if one.phone_last else ""
        click.echo(f"{one.id:>8}  {one.level:>2}  {phone:8}  {one.name}".rstrip())
