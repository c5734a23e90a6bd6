"""`backoffice agent|market|store|stall ...`, `tree`: the chain, from the company to its scales."""

from typing import Any

import click

from backoffice.cli.desk import Office, change, give_json, reading, say
from backoffice.words import N_
from broker.collect import UPLOAD_WORDS

as_json_option = click.option("--json", "as_json", is_flag=True, help="Data for programs.")


def _listed(office: Office, rows: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        give_json(rows)
        return
    for row in rows:
        click.echo("  ".join(str(value) for value in row.values() if value not in ("", None)))
    if not rows:
        say(office._(N_("None yet.")))


@click.group()
def agent() -> None:
    """The agents: who runs stores that are not the company's own."""


@agent.command("list")
@as_json_option
@click.pass_obj
def list_agents(office: Office, as_json: bool) -> None:  # noqa: FBT001  click's way
    """List the agents.

    Example: backoffice agent list --json
    """
    rows = [{"code": one.code, "name": one.name} for one in reading(office).places.agents()]
    _listed(office, rows, as_json=as_json)


@agent.command("add")
@click.argument("code")
@click.argument("name")
@click.pass_obj
def add_agent(office: Office, code: str, name: str) -> None:
    """Add an agent.

    Example: backoffice agent add A1 "Li & Sons"
    """
    change(office, "agent.save", {"code": code, "name": name, "new": True})
    say(f"{code}: {name}")


@agent.command("set")
@click.argument("code")
@click.argument("name")
@click.pass_obj
def set_agent(office: Office, code: str, name: str) -> None:
    """Rename an agent.

    Example: backoffice agent set A1 "Li and Daughters"
    """
    change(office, "agent.save", {"code": code, "name": name, "new": False})
    say(f"{code}: {name}")


@click.group()
def market() -> None:
    """The markets: where stores are."""


@market.command("list")
@as_json_option
@click.pass_obj
def list_markets(office: Office, as_json: bool) -> None:  # noqa: FBT001  click's way
    """List the markets.

    Example: backoffice market list --json
    """
    rows = [{"code": one.code, "name": one.name} for one in reading(office).places.markets()]
    _listed(office, rows, as_json=as_json)


@market.command("add")
@click.argument("code")
@click.argument("name")
@click.pass_obj
def add_market(office: Office, code: str, name: str) -> None:
    """Add a market.

    Example: backoffice market add M1 "Riverside Market"
    """
    change(office, "market.save", {"code": code, "name": name, "new": True})
    say(f"{code}: {name}")


@market.command("set")
@click.argument("code")
@click.argument("name")
@click.pass_obj
def set_market(office: Office, code: str, name: str) -> None:
    """Rename a market.

    Example: backoffice market set M1 "Hilltop Market"
    """
    change(office, "market.save", {"code": code, "name": name, "new": False})
    say(f"{code}: {name}")


@click.group()
def store() -> None:
    """The stores: whose they are, where, and when their business day ends."""


@store.command("list")
@as_json_option
@click.pass_obj
def list_stores(office: Office, as_json: bool) -> None:  # noqa: FBT001  click's way
    """List the stores with zone and cut-off hour in force.

    Example: backoffice store list --json
    """
    rows = [
        {
            "code": one.code, "name": one.name, "agent": one.agent, "market": one.market,
            "zone": one.zone, "cutoff_hour": one.cutoff_hour, "upload": UPLOAD_WORDS[one.upload],
        }
        for one in reading(office).places.stores()
    ]  # fmt: skip
    _listed(office, rows, as_json=as_json)


def _store_options(command: Any) -> Any:  # noqa: ANN401  click's way
    hour = click.IntRange(-1, 23)
    for name, help_text, kind in (
        (
            "--upload",
            "Its tills send at-once, or wait until `collect` asks.",
            click.Choice(UPLOAD_WORDS),
        ),
        ("--cutoff-hour", "Hour at which its business day ends; -1: the organisation's.", hour),
        ("--zone", "Its time zone, as Asia/Shanghai; empty: the organisation's.", str),
        ("--market", "Code of the market it is in.", str),
        ("--agent", "Code of the agent who runs it.", str),
        ("--name", "Its name, as receipts have it.", str),
    ):
        command = click.option(name, type=kind, default=None, help=help_text)(command)
    return command


def _saved_store(office: Office, said: dict[str, Any], *, new: bool) -> None:
    given = {name: value for name, value in said.items() if value is not None}
    row = change(office, "store.save", {**given, "new": new})
    say(f"{row['code']}: {row['name']}  {row['zone']}  {row['cutoff_hour']}:00")


@store.command("add")
@click.argument("code")
@_store_options
@click.pass_obj
def add_store(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Add a store.

    Example: backoffice store add S04 --name Hilltop --zone Asia/Urumqi --cutoff-hour 3
    """
    _saved_store(office, said, new=True)


@store.command("set")
@click.argument("code")
@_store_options
@click.pass_obj
def set_store(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Change what is said of a store; its scales hear of a new zone when they next sign on.

    Example: backoffice store set S04 --agent A1
    """
    _saved_store(office, said, new=False)


@click.group()
def stall() -> None:
    """The stalls of a store; what scales sell there is settled with them."""


@stall.command("list")
@as_json_option
@click.pass_obj
def list_stalls(office: Office, as_json: bool) -> None:  # noqa: FBT001  click's way
    """List the stalls.

    Example: backoffice stall list --json
    """
    rows = [
        {"code": one.code, "name": one.name, "store": one.store_code}
        for one in reading(office).places.stalls()
    ]
    _listed(office, rows, as_json=as_json)


@stall.command("add")
@click.argument("store")
@click.argument("name")
@click.option("--code", default="", help="Its code; made of the store's when left out.")
@click.pass_obj
def add_stall(office: Office, store: str, name: str, code: str) -> None:
    """Add a stall to a store, or rename the one of --code.

    Example: backoffice stall add S03 "Zhang's vegetables"
    """
    row = change(office, "stall.save", {"store": store, "name": name, "code": code})
    say(f"{row['code']}: {row['name']}")


@click.command()
@as_json_option
@click.pass_obj
def tree(office: Office, as_json: bool) -> None:  # noqa: FBT001  click's way
    """Show the chain: the company, its agents, stores, stalls, scales and cashiers.

    Example: backoffice tree
    """
    from backoffice.product_view import organisation_in, tree_of

    books = reading(office)
    found = tree_of(books)
    if as_json:
        give_json(found)
        return
    click.echo(organisation_in(books).name)
    for one in found["agents"]:
        click.echo(f"  {one['code'] or '-'} {one['name']}".rstrip())
        for shop in one["stores"]:
            click.echo(
                f"    {shop['code']} {shop['name']}  {shop['zone']} {shop['cutoff_hour']}:00"
            )
            for place in shop["stalls"]:
                click.echo(f"      {place['code'] or '-'} {place['name']}".rstrip())
                for scale in place["scales"]:
                    click.echo(f"        {scale}")
    for who in found["cashiers"]:
        click.echo(f"  {who['number']:>6} {who['name']}  {who['store']}".rstrip())
