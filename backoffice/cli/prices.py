"""`backoffice prices status|history|waiting|withdraw`: which scale has which list since when."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from backoffice.cli.card_said import person
from backoffice.cli.desk import Office, change, give_json, reading, say
from backoffice.words import N_

STATE_WORDS = {
    "has-it": N_("has it"),
    "waits": N_("waits for it"),
    "never-heard": N_("never heard"),
    "suspended": N_("suspended"),
}


@click.group()
def prices() -> None:
    """The price lists: which scale has which, who made them, and what waits for its time."""


def _moment(office: Office, at: int) -> str:
    from backoffice.product_view import organisation_in

    zone = ZoneInfo(organisation_in(reading(office)).zone)
    return f"{datetime.fromtimestamp(at / 1000, tz=zone):%Y-%m-%d %H:%M}" if at else "-"


@prices.command()
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@click.pass_obj
def status(office: Office, as_json: bool) -> None:  # noqa: FBT001  click's way
    """Say which scale sells by which list, since when.

    Example: backoffice prices status --json
    """
    from backoffice.product_view import prices_status

    rows = prices_status(reading(office))
    if as_json:
        give_json(rows)
        return
    for row in rows:
        state = office._(STATE_WORDS[row["state"]])
        since = _moment(office, row["since"])
        click.echo(
            f"{row['terminal']:8}  {row['store']:8}  {row['has']:>6} / {row['wanted']}  "
            f"{since:16}  {state}"
        )


@prices.command()
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@click.option("--most", type=click.IntRange(1, 1000), default=20, help="How many lists.")
@click.pass_obj
def history(office: Office, as_json: bool, most: int) -> None:  # noqa: FBT001  click's way
    """List the newest price lists, who made them, and who else agreed.

    Example: backoffice prices history --most 5
    """
    from backoffice.product_view import list_history

    rows = list_history(reading(office), most)
    if as_json:
        give_json(rows)
        return
    for row in rows:
        click.echo(
            f"{row['version']:6}  {_moment(office, row['made_at']):16}  {row['by']:16}  "
            f"{row['approved_by']}".rstrip()
        )


@prices.command()
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@click.pass_obj
def waiting(office: Office, as_json: bool) -> None:  # noqa: FBT001  click's way
    """List the changes that take effect by themselves.

    Example: backoffice prices waiting
    """
    from backoffice.product_view import waiting_changes

    rows: list[dict[str, Any]] = waiting_changes(reading(office))
    if as_json:
        give_json(rows)
        return
    for row in rows:
        plus = " ".join(str(one["plu"]) for one in row["rows"][:8])
        click.echo(f"{row['id']:6}  {_moment(office, row['due_at']):16}  {row['by']:16}  {plus}")


@prices.command()
@click.argument("number", type=int)
@click.option("--by", default=person, help="Who; the login user when left out.")
@click.pass_obj
def withdraw(office: Office, number: int, by: str) -> None:
    """Take back a change that waits.

    Example: backoffice prices withdraw 3
    """
    change(office, "product.withdraw", {"id": number, "by": by})
    say(office._(N_("Change {number} is withdrawn.")).format(number=number))
