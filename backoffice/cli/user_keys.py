"""`backoffice user key|keys|key-end`: keys by which other programs read the office."""

import secrets
from datetime import UTC, datetime

import click

from backoffice.cli.desk import Office, change, give_json, reading, say
from backoffice.words import N_


@click.command()
@click.argument("name")
@click.option("--label", required=True, help="What it is for, such as the program's name.")
@click.option(
    "--days", default=365, show_default=True, type=click.IntRange(1, 731), help="It holds so long."
)
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@click.pass_obj
def key(office: Office, name: str, label: str, days: int, as_json: bool) -> None:  # noqa: FBT001, PLR0917  click's way
    """Make a key that reads /api/v1 in NAME's name; it is shown this once.

    Example: backoffice user key rita --label spreadsheet
    """
    import hashlib

    made = f"sy_{secrets.token_urlsafe(32)}"
    said = {"person": name, "label": label, "days": days}
    said["hash"] = hashlib.sha256(made.encode()).hexdigest()
    done = change(office, "key.make", said)
    if as_json:
        give_json({"id": done["id"], "key": made, "until": done["until"]})
        return
    click.echo(made)
    until = datetime.fromtimestamp(done["until"] / 1000, tz=UTC).strftime("%Y-%m-%d")
    say(office._(N_("Key {id} holds until {day}; nobody can show it again.")).format(
        id=done["id"], day=until))  # fmt: skip


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@click.pass_obj
def keys(office: Office, as_json: bool) -> None:  # noqa: FBT001  click's way
    """List the keys: number, person, label, until when.

    Example: backoffice user keys
    """
    found = reading(office).api_keys.all()
    if as_json:
        give_json([
            {"id": one.id, "person": one.person, "label": one.label, "made_at": one.made_at,
             "until": one.until, "ended_at": one.ended_at}
            for one in found
        ])  # fmt: skip
        return
    for one in found:
        until = datetime.fromtimestamp(one.until / 1000, tz=UTC).strftime("%Y-%m-%d")
        state = office._(N_("ended")) if one.ended_at else until
        click.echo(f"{one.id:>4}  {one.person:20}  {state:10}  {one.label}")
    if not found:
        say(office._(N_("There are no keys.")))


@click.command("key-end")
@click.argument("number", type=int)
@click.pass_obj
def key_end(office: Office, number: int) -> None:
    """End a key at once.

    Example: backoffice user key-end 3
    """
    change(office, "key.end", {"id": number})
    say(office._(N_("Key {id} is ended.")).format(id=number))
