"""`backoffice card issue|show|block|unblock|topup`."""

import secrets
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from backoffice.cli.desk import Office, change, give_json, now_ms, reading, say
from backoffice.errors import Refused, UsageFault
from backoffice.words import N_
from broker.uid import new_uid
from broker.units import MAX_MINOR, decimal_text

KINDS = {"member": 1, "stored": 2, "both": 3}
NO_END = 20991231
CARD_WORDS = {
    "number": N_("Number"),
    "kind": N_("Kind (1 member, 2 stored value, 3 both)"),
    "level": N_("Price level"),
    "state": N_("State"),
    "valid_from": N_("Valid from"),
    "valid_to": N_("Valid to"),
    "balance": N_("Balance"),
    "token_seq": N_("Token number"),
}


@click.group()
def card() -> None:
    """Cards: issue, look up, block, top up."""


def minor_of(text: str, exponent: int) -> int:
    """A sum as people write it in whole minor units.

    Raises:
        UsageFault: not a sum, below zero, or with too many decimals.
    """
    try:
        minor = Decimal(text).scaleb(exponent)
    except InvalidOperation:
        minor = Decimal("NaN")
    if not minor.is_finite() or minor != int(minor) or not 0 <= minor <= MAX_MINOR:
        raise UsageFault(
            "{text} is not a sum with at most {exponent} decimals.",
            text=repr(text),
            exponent=exponent,
        )
    return int(minor)


def _exponent(office: Office) -> int:
    organisation = reading(office).directory.organisation()
    if organisation is None:
        raise Refused("There is no organisation yet; run `backoffice apply market.toml` first.")
    return int(organisation.exponent)


@card.command()
@click.option("--kind", type=click.Choice(list(KINDS)), required=True)
@click.option("--level", type=click.IntRange(0, 9), default=0, help="Price level of a member.")
@click.option("--balance", default="0", help="Opening sum, for example 50.00.")
@click.option("--valid-to", type=click.IntRange(20200101, 20991231), default=NO_END)
@click.option("--reader", default="", help="Part of the reader's name.")
@click.option("--number", type=click.Choice(["auto"]), default="auto", help="Numbers count up.")
@click.option("--wait", "wait_s", type=click.IntRange(1, 600), default=30, help="Seconds to wait.")
@click.option("--no-chip", is_flag=True, help="A card in the books only, for programs and tests.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def issue(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Write the card on the reader and enter it in the books."""
    opening = minor_of(said["balance"], _exponent(office))
    wishes = {
        "chip": "" if said["no_chip"] else _chip_on_reader(office, said), "level": said["level"],
        "kind": KINDS[said["kind"]], "opening": opening, "valid_to": said["valid_to"],
    }  # fmt: skip
    row = change(office, "card.reserve", wishes)
    if not said["no_chip"]:
        from backoffice.issuing import write_card

        write_card(office.config, office.state, row, reader=said["reader"], wait_s=said["wait_s"])
    made = change(office, "card.activate", {"number": row["number"]})
    say(f"{office._('Card issued')}: {made['number']}")
    made.pop("token")
    if said["as_json"]:
        give_json(made)
    else:
        click.echo(made["number"])


def _chip_on_reader(office: Office, said: dict[str, Any]) -> str:
    from backoffice.issuing import chip_of

    say(office._("Put the card on the reader and leave it there."))
    return chip_of(said["reader"], said["wait_s"]).hex()


@card.command()
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def show(office: Office, number: int, as_json: bool) -> None:  # noqa: FBT001  click's way
    """Show what the books know of a card."""
    from backoffice.store.directory import ORG
    from broker.messages import CardState

    found = reading(office).cards.get(ORG, number)
    if found is None:
        raise Refused("There is no such card in the books; check the number.")
    exponent = _exponent(office)
    row = {
        "number": found.number, "kind": found.kind, "level": found.level,
        "state": CardState(found.state).name.lower(), "valid_from": found.valid_from,
        "valid_to": found.valid_to, "balance": found.balance, "token_seq": found.token_seq,
    }  # fmt: skip
    if as_json:
        give_json(row)
        return
    if found.balance is not None:
        row["balance"] = decimal_text(found.balance, exponent)
    for name, value in row.items():
        click.echo(f"{office._(CARD_WORDS[name])}: {'' if value is None else value}")


@card.command()
@click.argument("number", type=int)
@click.pass_obj
def block(office: Office, number: int) -> None:
    """Block a card: from now on it pays nothing."""
    change(office, "card.block", {"number": number, "blocked": True})
    say(f"...{number % 10_000:04d}: {office._('blocked')}")


@card.command()
@click.argument("number", type=int)
@click.pass_obj
def unblock(office: Office, number: int) -> None:
    """Let a blocked card pay again."""
    change(office, "card.block", {"number": number, "blocked": False})
    say(f"...{number % 10_000:04d}: {office._('active')}")


@card.command()
@click.argument("number", type=int)
@click.argument("amount")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def topup(office: Office, number: int, amount: str, as_json: bool) -> None:  # noqa: FBT001
    """Put money on a card."""
    exponent = _exponent(office)
    op = new_uid(now_ms(), secrets.token_bytes(10))
    said = {"number": number, "amount": minor_of(amount, exponent), "op": op.hex()}
    result = change(office, "card.topup", said)
    if as_json:
        give_json(result)
    else:
        click.echo(decimal_text(result["balance"], exponent))
