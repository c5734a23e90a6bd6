"""`backoffice card block|unblock|replace|retire`: changes of a card in the books."""

from typing import Any

import click

from backoffice.card_rows import NO_END, minor_of
from backoffice.cli.card_chip import load_wanted, lock_chip
from backoffice.cli.card_said import (
    at_reader,
    exponent_of,
    issued,
    new_op,
    said_by,
    show_made,
    tell_state,
)
from backoffice.cli.desk import Office, change, give_json, say
from backoffice.words import N_
from broker.units import decimal_text

_CHIP = "The application on the chip, too; the card lies on the reader."


@click.command()
@click.argument("number", type=int)
@click.option("--lost", is_flag=True, help="Its holder reports it lost.")
@click.option("--chip", is_flag=True, help=_CHIP)
@at_reader
@said_by
@click.pass_obj
def block(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Block a card: from now on it pays nothing.

    Example: backoffice card block 620000000000014 --reason "a fraud"
    """
    who = {name: said[name] for name in ("number", "lost", "by", "reason")}
    change(office, "card.block", {**who, "blocked": True})
    if said["chip"]:
        lock_chip(office, said["number"], said, blocks=True)
    tell_state(office, said["number"], N_("blocked"))


@click.command()
@click.argument("number", type=int)
@click.option("--chip", is_flag=True, help=_CHIP)
@at_reader
@said_by
@click.pass_obj
def unblock(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Let a blocked card pay again.

    Example: backoffice card unblock 620000000000014
    """
    if said["chip"]:
        lock_chip(office, said["number"], said, blocks=False)
    who = {name: said[name] for name in ("number", "by", "reason")}
    change(office, "card.block", {**who, "blocked": False})
    tell_state(office, said["number"], N_("active"))


@click.command()
@click.argument("number", type=int)
@said_by
@click.pass_obj
def lost(office: Office, number: int, by: str, reason: str) -> None:
    """Its holder reports a card lost: from now on it pays nothing.

    Example: backoffice card lost 620000000000014 --reason "left on the bus"
    """
    said = {"number": number, "blocked": True, "lost": True, "by": by, "reason": reason}
    change(office, "card.block", said)
    tell_state(office, number, N_("lost"))


@click.command()
@click.argument("number", type=int)
@said_by
@click.pass_obj
def found(office: Office, number: int, by: str, reason: str) -> None:
    """A lost card is back with its holder: it pays again.

    Example: backoffice card found 620000000000014
    """
    change(office, "card.block", {"number": number, "blocked": False, "by": by, "reason": reason})
    tell_state(office, number, N_("active"))


@click.command()
@click.argument("number", type=int)
@click.option("--cash", "till", default="", help="Paid in cash: the terminal whose drawer took it.")
@click.option("--member", type=int, default=0, help="The member whose card it is.")
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@said_by
@click.pass_obj
def sell(office: Office, /, *, as_json: bool, **said: Any) -> None:  # noqa: ANN401  click's way
    """Sell a card from the shelf (`card issue --shelf`): it comes alive with its opening sum.

    Example: backoffice card sell 620000000000014 --cash S03-12
    """
    done = change(office, "card.sell", said)
    if as_json:
        give_json(done)
        return
    tell_state(office, said["number"], N_("sold"))
    if done["balance"] is not None:
        click.echo(decimal_text(done["balance"], exponent_of(office)))


@click.command()
@click.argument("number", type=int)
@click.option("--exposure", default="0", help="What may have been spent offline and not told yet.")
@click.option("--hold-days", type=click.IntRange(0, 366), default=7, help="So long it is held.")
@click.option("--valid-to", type=click.IntRange(20200101, NO_END))
@click.option("--release", is_flag=True, help="After these days: move what is left of it.")
@click.option("--no-chip", is_flag=True, help="A card in the books only, for programs and tests.")
@click.option("--json", "as_json", is_flag=True)
@at_reader
@said_by
@click.pass_obj
def replace(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Write a new card for NUMBER, move its balance, and block the old one for ever.

    What was sold with the old card before is booked whenever it arrives.

    Example: backoffice card replace 620000000000014 --reason broken
    """
    exponent, number = exponent_of(office), said["number"]
    if said["release"]:
        who = {"by": said["by"], "reason": said["reason"]}
        result = change(office, "card.release", {"number": number, "op": new_op(), **who})
        say(f"{office._('Moved to the new card')}: {decimal_text(result['amount'], exponent)}")
        load_wanted(office, result["to"], said)
        return
    begun = change(office, "card.move.open", {"number": number, "follow": True})
    if begun["number"] != number and begun["move"]:
        load_wanted(office, begun["number"], said)  # pulled after it was issued
        click.echo(begun["number"])
        return
    wishes = {"replaces": number, "valid_to": said["valid_to"] or 0}
    held = {"exposure": minor_of(said["exposure"], exponent), "hold_days": said["hold_days"]}
    made = issued(office, wishes, said, **held)
    say(f"{office._('Card issued')}: {made['number']}")
    load_wanted(office, made["number"], said)
    show_made(made, as_json=said["as_json"])


@click.command()
@click.argument("number", type=int)
@said_by
@click.pass_obj
def retire(office: Office, number: int, by: str, reason: str) -> None:
    """Take a card without money out of use for ever.

    Example: backoffice card retire 620000000000014 --reason worn
    """
    change(office, "card.retire", {"number": number, "by": by, "reason": reason})
    tell_state(office, number, N_("retired"))


@click.command()
@click.argument("number", type=int)
@click.argument("new", type=int)
@click.option("--exposure", default="0", help="What may have been spent offline and not told yet.")
@click.option("--hold-days", type=click.IntRange(0, 366), default=7, help="So long it is held.")
@said_by
@click.pass_obj
def swap(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Give the holder of NUMBER the card NEW from the shelf, with everything that is on the old.

    Example: backoffice card swap 620000000000014 620000000000055 --reason lost
    """
    exponent = exponent_of(office)
    exposure = minor_of(said["exposure"], exponent)
    done = change(office, "card.swap", {**said, "exposure": exposure})
    say(f"{office._('Moved to the new card')}: {decimal_text(done['balance'] or 0, exponent)}")
