"""`backoffice user add|list|password|suspend|resume`: who may sign in at the office's pages."""

import sys

import click

from backoffice.cli.desk import Office, change, give_json, reading, say
from backoffice.cli.user_keys import key, key_end, keys
from backoffice.errors import Refused
from backoffice.people import Role
from backoffice.words import N_


@click.group()
def user() -> None:
    """The people of the office: who signs in at its pages, and what they may do there."""


def _password(name: str, *, from_stdin: bool) -> str:
    from backoffice.passwords import hashed
    from backoffice.people import check_password

    if from_stdin:
        typed = sys.stdin.readline().rstrip("\n")
    else:
        typed = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    check_password(name, typed)
    return hashed(typed)


@user.command()
@click.argument("name")
@click.option(
    "--role",
    required=True,
    type=click.Choice([str(one) for one in Role]),
    help="What this person may do.",
)
@click.option("--store", "stores", multiple=True, help="For the roles store and auditor; again.")
@click.option("--password-stdin", is_flag=True, help="Take the password from standard input.")
@click.pass_obj
def add(
    office: Office, name: str, *, role: str, stores: tuple[str, ...], password_stdin: bool
) -> None:
    """Add a person, or change role and stores of one.

    Example: backoffice user add li --role store --store S03
    """
    known = reading(office).people.get(name)
    password = "" if known else _password(name, from_stdin=password_stdin)
    said = {"name": name, "role": role, "stores": list(stores), "password": password}
    change(office, "person.save", said)
    say(f"{name}: {role} {' '.join(stores)}".rstrip())


@user.command()
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Take the password from standard input.")
@click.pass_obj
def password(office: Office, name: str, password_stdin: bool) -> None:  # noqa: FBT001  click's way
    """Give a person a new password; she is signed out everywhere.

    Example: backoffice user password lin
    """
    known = reading(office).people.get(name)
    if known is None:
        raise Refused("There is nobody called {name}.", name=name)
    fresh = _password(name, from_stdin=password_stdin)
    said = {"name": name, "role": known.role, "stores": list(known.stores), "password": fresh}
    change(office, "person.save", said)
    say(f"{name}: {office._('password changed')}")


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@click.pass_obj
def list_people(office: Office, as_json: bool) -> None:  # noqa: FBT001  click's way
    """List the people with role, stores and state.

    Example: backoffice user list --json
    """
    rows = [
        {"name": one.name, "role": one.role, "stores": one.stores, "suspended": one.suspended}
        for one in reading(office).people.all()
    ]
    if as_json:
        give_json(rows)
        return
    for row in rows:
        state = office._(N_("suspended")) if row["suspended"] else ""
        click.echo(
            f"{row['name']:20}  {row['role']:8}  {' '.join(row['stores'])}  {state}".rstrip()
        )
    if not rows:
        say(office._("Nobody may sign in yet; add an owner: backoffice user add NAME --role owner"))


@user.command()
@click.argument("name")
@click.pass_obj
def suspend(office: Office, name: str) -> None:
    """Lock a person out at once.

    Example: backoffice user suspend lin
    """
    change(office, "person.suspend", {"name": name, "suspended": True})
    say(f"{name}: {office._('suspended')}")


@user.command()
@click.argument("name")
@click.pass_obj
def resume(office: Office, name: str) -> None:
    """Let a suspended person back in.

    Example: backoffice user resume lin
    """
    change(office, "person.suspend", {"name": name, "suspended": False})
    say(f"{name}: {office._('resumed')}")


for command in (key, keys, key_end):
    user.add_command(command)
