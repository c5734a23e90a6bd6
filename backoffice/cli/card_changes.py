"""`backoffice card topup|block|unblock|replace|refund|retire`: changes of a card in the books."""

from typing import Any

import click

from backoffice.card_rows import NO_END, minor_of
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


@click.command()
@click.argument("number", type=int)
@click.option("--lost", is_flag=True, help="Its holder reports it lost.")
@said_by
@click.pass_obj
def block(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Block a card: from now on it pays nothing."""
    change(office, "card.block", {**said, "blocked": True})
    tell_state(office, said["number"], N_("blocked"))


@click.command()
@click.argument("number", type=int)
@said_by
@click.pass_obj
def unblock(office: Office, number: int, by: str, reason: str) -> None:
    """Let a blocked card pay again."""
    change(office, "card.block", {"number": number, "blocked": False, "by": by, "reason": reason})
    tell_state(office, number, N_("active"))


@click.command()
@click.argument("number", type=int)
@click.argument("amount")
@click.option("--bonus", default="0", help="What is given on top, for example 5.00.")
@click.option("--holder", default="", help="Who buys it, where the law wants to know.")
@click.option("--json", "as_json", is_flag=True)
@said_by
@click.pass_obj
def topup(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Put money on a card."""
    exponent, as_json = exponent_of(office), said.pop("as_json")
    sums = {name: minor_of(said[name], exponent) for name in ("amount", "bonus")}
    result = change(office, "card.topup", {**said, **sums, "op": new_op()})
    if as_json:
        give_json(result)
    else:
        click.echo(decimal_text(result["balance"], exponent))


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
    """
    exponent, number = exponent_of(office), said["number"]
    if said["release"]:
        who = {"by": said["by"], "reason": said["reason"]}
        result = change(office, "card.release", {"number": number, "op": new_op(), **who})
        say(f"{office._('Moved to the new card')}: {decimal_text(result['amount'], exponent)}")
        return
    wishes = {"replaces": number, "valid_to": said["valid_to"] or 0}
    held = {"exposure": minor_of(said["exposure"], exponent), "hold_days": said["hold_days"]}
    made = issued(office, wishes, said, **held)
    say(f"{office._('Card issued')}: {made['number']}")
    show_made(made, as_json=said["as_json"])


@click.command()
@click.argument("number", type=int)
@click.option("--to", default="bank", help="bank, or the terminal whose drawer pays.")
@click.option("--reference", default="", help="The bank's, or that of the receipt.")
@click.option("--holder", default="", help="To whom, when the books do not know.")
@click.option("--json", "as_json", is_flag=True)
@said_by
@click.pass_obj
def refund(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Pay out what was paid for a card, and block it for ever; a bonus is not paid out."""
    as_json = said.pop("as_json")
    result = change(office, "card.refund", {**said, "op": new_op()})
    if as_json:
        give_json(result)
    else:
        click.echo(decimal_text(result["amount"], exponent_of(office)))


@click.command()
@click.argument("number", type=int)
@said_by
@click.pass_obj
def retire(office: Office, number: int, by: str, reason: str) -> None:
    """Take a card without money out of use for ever."""
    change(office, "card.retire", {"number": number, "by": by, "reason": reason})
    tell_state(office, number, N_("retired"))
