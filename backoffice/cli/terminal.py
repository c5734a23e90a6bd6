"""`backoffice terminal enrol|list|suspend|resume`."""

from pathlib import Path
from typing import Any

import click

from backoffice.cli.desk import Office, change, give_json, now_ms, reading, say
from backoffice.words import N_
from broker.collect import Upload

AWAY_OR_HERE = {0: N_("away"), 1: N_("here")}


@click.group()
def terminal() -> None:
    """The tills: let one in, lock one out, list them."""


@terminal.command()
@click.argument("name")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to write.")
@click.pass_obj
def enrol(office: Office, name: str, out: Path) -> None:
    """Write everything that a till needs into a folder; an older enrolment stops working.

    Example: backoffice terminal enrol S03-12 --out enrolment/S03-12
    """
    from backoffice.enrolment import write_enrolment

    row = change(office, "terminal.enrol", {"terminal": name})
    write_enrolment(office.config, office.state, out, row)
    say(f"{name}: {office._('enrolled')}; {out}")


@terminal.command("list")
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@click.pass_obj
def list_terminals(office: Office, as_json: bool) -> None:  # noqa: FBT001  click's way
    """List the tills with what was last heard of them.

    Example: backoffice terminal list --json
    """
    names = ("terminal", "store", "stall", "suspended", "key_number", "epoch", "seen_at",
             "seen_state", "unsent", "upload", "waits_since")  # fmt: skip
    rows = [dict(zip(names, row, strict=True)) for row in reading(office).directory.terminals()]
    if as_json:
        give_json(rows)
        return
    for row in rows:
        state = N_("suspended") if row["suspended"] else AWAY_OR_HERE[row["seen_state"]]
        waits = _waiting(office, row)
        text = f"{row['terminal']:8}  {row['store']:8}  {office._(state):10}  {row['stall']}{waits}"
        click.echo(text)
    if not rows:
        say(office._("No tills yet; add [[terminal]] to the market file and apply it."))


def _waiting(office: Office, row: dict[str, Any]) -> str:
    """What waits on a till that sends when it is asked."""
    if row["upload"] != Upload.WHEN_ASKED:
        return ""
    hours = (now_ms() - row["waits_since"]) // 3_600_000 if row["waits_since"] else 0
    text = N_("  collected when asked: {count} records wait, the oldest for {hours} hours")
    return office._(text).format(count=row["unsent"], hours=hours)


@terminal.command()
@click.argument("name")
@click.pass_obj
def suspend(office: Office, name: str) -> None:
    """Lock a till out at once.

    Example: backoffice terminal suspend S03-12
    """
    change(office, "terminal.suspend", {"terminal": name, "suspended": True})
    say(f"{name}: {office._('suspended')}")


@terminal.command()
@click.argument("name")
@click.pass_obj
def resume(office: Office, name: str) -> None:
    """Let a suspended till back in.

    Example: backoffice terminal resume S03-12
    """
    change(office, "terminal.suspend", {"terminal": name, "suspended": False})
    say(f"{name}: {office._('resumed')}")


@terminal.command()
@click.argument("name")
@click.option("--store", required=True, help="Code of its store.")
@click.option("--stall", default="", help="Code or name of its stall; a new name makes one.")
@click.pass_obj
def add(office: Office, name: str, store: str, stall: str) -> None:
    """Add a till; `enrol` then lets it in.

    Example: backoffice terminal add S03-14 --store S03 --stall "Wang's fruit"
    """
    said = {"code": name, "store": store, "stall": stall, "new": True}
    row = change(office, "terminal.save", said)
    say(f"{name}: {row['store']} {row['stall']}".rstrip())


@terminal.command()
@click.argument("name")
@click.option("--store", required=True, help="Code of its store.")
@click.option("--stall", default="", help="Code or name of its stall; a new name makes one.")
@click.pass_obj
def move(office: Office, name: str, store: str, stall: str) -> None:
    """Move a till to another store or stall; what it sold before stays where it was sold.

    Example: backoffice terminal move S03-14 --store S04 --stall S04/1
    """
    said = {"code": name, "store": store, "stall": stall, "new": False}
    row = change(office, "terminal.save", said)
    say(f"{name}: {row['store']} {row['stall']}".rstrip())
