"""Commands for a card whose purse is on its chip: the card has to lie on the reader."""

from typing import Any

import click

from backoffice.card_rows import minor_of
from backoffice.cli.card_said import (
    at_reader,
    exponent_of,
    new_op,
    office_day,
    said_by,
    tell_state,
    wall_clock,
)
from backoffice.cli.desk import Office, change, give_json, reading, say
from backoffice.words import N_
from broker.units import decimal_text

PURSE_SERIAL_HEX = 20
KEPT = (
    "by", "reason", "to", "reference", "holder", "bonus", "till", "organisation", "terms",
)  # fmt: skip
"""What a person gave that the books keep with the move."""


def purse_row(office: Office, number: int, *, follow: bool = False) -> dict[str, Any] | None:
    """What the books know of a card with its purse on the chip; None for any other card."""
    row = change(office, "card.move.open", {"number": number, "follow": follow})
    return row if len(row["chip"]) == PURSE_SERIAL_HEX else None


def move_money(
    office: Office, row: dict[str, Any], said: dict[str, Any], *, reason: str, amount: int | None
) -> dict[str, Any]:
    """Loads or empties the card on the reader and books it; finishes what was left half done.

    Args:
        office: the office.
        row: as `purse_row` gives it.
        said: what the person gave, for the books.
        reason: top_up, refund, replace or release.
        amount: fen on the chip; None for all that is on it.
    """
    from backoffice.chip_moves import Books, Wish
    from backoffice.issuing import move_on_reader

    say(office._("Put the card on the reader and leave it there."))
    keep = {name: said[name] for name in KEPT if said.get(name)}
    # What the books have moved before keeps its name; every other try has one of its own.
    op = row["move"]["op"] if reason in ("replace", "release") else new_op()
    wish = Wish(op, reason, amount, keep)
    books = Books(
        tell=lambda told: change(office, "card.move.tell", told),
        done=lambda told: change(office, "card.move.done", told),
    )
    return move_on_reader(
        office.config, office.state, row, wish, books=books, reader=said["reader"],
        wait_s=said["wait_s"], moment=wall_clock(office),
    )  # fmt: skip


def load_wanted(office: Office, number: int, said: dict[str, Any]) -> None:
    """Puts on the chip what the books have moved to the card, when there is something."""
    row = purse_row(office, number)
    move = row["move"] if row else {}
    if row is None or not move or move["reason"] not in ("replace", "release"):
        return
    result = move_money(office, row, said, reason=move["reason"], amount=move["amount"])
    on_chip = decimal_text(int(result["balance"]), exponent_of(office))
    say(f"{office._('On the chip now')}: {on_chip}")


def lock_chip(office: Office, number: int, said: dict[str, Any], *, blocks: bool) -> None:
    """Blocks or frees the application of the card on the reader."""
    from backoffice.issuing import lock_on_reader

    say(office._("Put the card on the reader and leave it there."))
    where = {"reader": said["reader"], "wait_s": said["wait_s"]}
    lock_on_reader(office.config, office.state, number, blocks=blocks, **where)


@click.command()
@click.argument("number", type=int)
@click.option("--moved/--not-moved", default=None, help="Did the money go on, or off, the chip?")
@said_by
@click.pass_obj
def settle(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Decide what became of money on a chip when its card cannot tell any more (lost, broken).

    Example: backoffice card settle 620000000000014 --not-moved
    """
    from backoffice.errors import UsageFault

    if said["moved"] is None:
        raise UsageFault("Say --moved or --not-moved.")
    result = change(office, "card.move.settle", said)
    tell_state(office, said["number"], N_("settled"))
    click.echo(decimal_text(int(result["balance"]), exponent_of(office)))


@click.command()
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def doubts(office: Office, as_json: bool) -> None:  # noqa: FBT001  click's way
    """List the cards whose chip still waits for money, or has to tell what became of it.

    Example: backoffice card doubts --json
    """
    moves = reading(office).moves.open()
    rows = [
        {"number": one.card, "reason": one.reason.name.lower(), "amount": one.amount,
         "bonus": one.bonus, "state": one.state.name.lower(), "at": one.at}
        for one in moves
    ]  # fmt: skip
    if as_json:
        give_json(rows)
        return
    exponent = exponent_of(office)
    for row in rows:
        amount = decimal_text(row["amount"], exponent)
        click.echo(f"{row['number']}  {row['reason']:8}  {amount:>10}  {row['state']}")


@click.command()
@click.argument("number", type=int)
@click.argument("amount")
@click.option("--bonus", help="What is given on top; what the rules give when left out.")
@click.option("--holder", default="", help="Who buys it, where the law wants to know.")
@click.option("--cash", "till", default="", help="Paid in cash: the terminal whose drawer took it.")
@click.option("--organisation", is_flag=True, help="The buyer is an organisation, no person.")
@click.option("--terms", default="", help="Version of the terms that the buyer agreed to.")
@click.option("--json", "as_json", is_flag=True)
@at_reader
@said_by
@click.pass_obj
def topup(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Put money on a card; one with its purse on the chip has to lie on the reader.

    Example: backoffice card topup 620000000000014 100 --cash S03-12
    """
    exponent, as_json = exponent_of(office), said.pop("as_json")
    amount = minor_of(said["amount"], exponent)
    sums = {"amount": amount, "bonus": _given_on_top(office, said["bonus"], amount)}
    row = purse_row(office, said["number"])
    if row is None:
        given = {name: one for name, one in said.items() if name not in ("reader", "wait_s")}
        result = change(office, "card.topup", {**given, **sums, "op": new_op()})
    else:
        whole = sums["amount"] + sums["bonus"]
        result = move_money(
            office, row, {**said, "bonus": sums["bonus"]}, reason="top_up", amount=whole
        )
    if as_json:
        give_json(result)
    else:
        click.echo(decimal_text(result["balance"], exponent))


def _given_on_top(office: Office, bonus: str | None, amount: int) -> int:
    """The bonus that was said, or what the rules give today."""
    if bonus is not None:
        return minor_of(bonus, exponent_of(office))
    from backoffice.bonus_rules import bonus_for

    return bonus_for(reading(office).topups.rules(), amount, office_day(office))[0]


@click.command()
@click.argument("number", type=int)
@click.option("--to", default="bank", help="bank, or the terminal whose drawer pays.")
@click.option("--reference", default="", help="The bank's, or that of the receipt.")
@click.option("--holder", default="", help="To whom, when the books do not know.")
@click.option("--json", "as_json", is_flag=True)
@at_reader
@said_by
@click.pass_obj
def refund(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Pay out what was paid for a card, and block it for ever; a bonus is not paid out.

    A purse on the chip is emptied at the reader first.

    Example: backoffice card refund 620000000000014 --reference 20261124-0031 --holder Wang
    """
    as_json = said.pop("as_json")
    row = purse_row(office, said["number"])
    if row is None:
        given = {name: one for name, one in said.items() if name not in ("reader", "wait_s")}
        result = change(office, "card.refund", {**given, "op": new_op()})
    else:
        result = move_money(office, row, said, reason="refund", amount=None)
    if as_json:
        give_json(result)
    else:
        click.echo(decimal_text(result["amount"], exponent_of(office)))
