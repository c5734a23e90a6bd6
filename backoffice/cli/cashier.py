"""`backoffice cashier list|pin`: who sells, and who may approve what another one does."""

import sys

import click

from backoffice.cli.desk import Office, change, give_json, reading, say
from backoffice.errors import UsageFault
from backoffice.words import N_


@click.group()
def cashier() -> None:
    """The people at the tills; they stand in the market file, their PINs do not."""


@cashier.command("list")
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@click.pass_obj
def list_cashiers(office: Office, as_json: bool) -> None:  # noqa: FBT001  click's way
    """List the cashiers; those with a PIN may be the second person at a till.

    Example: backoffice cashier list --json
    """
    from backoffice.handlers.terms import cashiers_in, kept_terms_of

    store = reading(office)
    pins = kept_terms_of(store)[2].pins
    rows = [
        {"number": one.number, "name": one.name, "has_pin": one.number in pins}
        for one in cashiers_in(store)
    ]
    if as_json:
        give_json(rows)
        return
    for row in rows:
        click.echo(
            f"{row['number']:6}  {office._(N_('PIN')) if row['has_pin'] else '-':4}  {row['name']}"
        )


@cashier.command()
@click.argument("number", type=int)
@click.option("--remove", is_flag=True, help="Take the PIN away.")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the PIN from standard input.")
@click.pass_obj
def pin(office: Office, number: int, remove: bool, from_stdin: bool) -> None:  # noqa: FBT001
    """Set a cashier's PIN: he may then approve voids of others at every till.

    Example: backoffice cashier pin 7
    """
    box = "" if remove else _boxed(office, number, from_stdin=from_stdin)
    change(office, "cashier.pin", {"number": number, "box": box})
    done = N_("has no PIN any more") if remove else N_("has a PIN; the tills are told")
    say(f"{number}: {office._(done)}")


def _boxed(office: Office, number: int, *, from_stdin: bool) -> str:
    from backoffice.pins import boxed
    from backoffice.secrets_file import mac_master
    from broker.pins import is_fit

    if from_stdin:
        typed = sys.stdin.readline().strip()
    else:
        words = office._(N_("PIN (4 to 8 digits)"))
        typed = click.prompt(words, hide_input=True, confirmation_prompt=True)
    if not is_fit(typed):
        raise UsageFault("A PIN has 4 to 8 digits, not all the same and not in a row.")
    return boxed(typed, number, mac_master(office.state)).hex()


@cashier.command()
@click.argument("number", type=int)
@click.argument("name")
@click.option("--store", default="", help="Code of the only store where he sells.")
@click.pass_obj
def add(office: Office, number: int, name: str, store: str) -> None:
    """Add a cashier; the tills are told.

    Example: backoffice cashier add 9 "王五 Wang Wu" --store S03
    """
    said = {"number": number, "name": name, "store": store, "new": True}
    change(office, "cashier.save", said)
    say(f"{number}: {name}")


@cashier.command("set")
@click.argument("number", type=int)
@click.option("--name", default=None, help="His name.")
@click.option("--store", default=None, help="Code of the only store where he sells; empty = all.")
@click.pass_obj
def set_cashier(office: Office, number: int, name: str | None, store: str | None) -> None:
    """Change a cashier's name or store.

    Example: backoffice cashier set 9 --name "Wang Wu"
    """
    given = {"name": name, "store": store}
    said = {word: text for word, text in given.items() if text is not None}
    change(office, "cashier.save", {"number": number, **said, "new": False})
    say(f"{number}: {office._(N_('changed; the tills are told'))}")


@cashier.command()
@click.argument("number", type=int)
@click.pass_obj
def remove(office: Office, number: int) -> None:
    """Take a cashier off all tills; what he sold keeps his number.

    Example: backoffice cashier remove 9
    """
    change(office, "cashier.remove", {"number": number})
    say(f"{number}: {office._(N_('removed; the tills are told'))}")
