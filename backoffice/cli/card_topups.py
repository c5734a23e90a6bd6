"""`backoffice card bonus ...`, `card order ...`: rules and standing orders of topping up."""

import csv
import io
from dataclasses import asdict
from typing import Any

import click

from backoffice.card_rows import minor_of
from backoffice.cli.card_said import exponent_of, said_by, tell_state
from backoffice.cli.desk import Office, change, give_json, reading, say
from backoffice.cli.report import day_of
from backoffice.words import N_
from broker.units import decimal_text


@click.group()
def bonus() -> None:
    """What is given on top of a top-up: rules by sum and day."""


@bonus.command("add")
@click.argument("pays")
@click.argument("gives")
@click.option("--from", "first", default="", help="First day; today when left out.")
@click.option("--to", "last", default="", help="Last day; none when left out.")
@click.option("--every", is_flag=True, help="Once for each whole sum paid.")
@said_by
@click.pass_obj
def add_rule(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """From now on who pays PAYS gets GIVES on top; the largest sum that is reached counts.

    Example: backoffice card bonus add 100 10 --from 2026-12-01 --to 2026-12-31
    """
    exponent = exponent_of(office)
    sums = {name: minor_of(said[name], exponent) for name in ("pays", "gives")}
    days = {name: day_of(said[name]) if said[name] else 0 for name in ("first", "last")}
    click.echo(change(office, "bonus.add", {**said, **sums, **days})["rule"])


@bonus.command("list")
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@click.pass_obj
def list_rules(office: Office, as_json: bool) -> None:  # noqa: FBT001  click's way
    """List the rules, ended ones too.

    Example: backoffice card bonus list
    """
    rules, exponent = reading(office).topups.rules(), exponent_of(office)
    if as_json:
        give_json([asdict(one) for one in rules])
        return
    for one in rules:
        sums = f"{decimal_text(one.pays, exponent):>10} {decimal_text(one.gives, exponent):>10}"
        each = office._(N_("each")) if one.every else ""
        click.echo(f"{one.id:>4} {sums}  {one.first_day} {one.last_day}  {each}".rstrip())


@bonus.command("end")
@click.argument("rule", type=int)
@click.option("--on", "last", default="", help="Last day; today when left out.")
@said_by
@click.pass_obj
def end_rule(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """End a rule; what was given stays given.

    Example: backoffice card bonus end 1 --on 2026-12-24
    """
    last = day_of(said["last"]) if said["last"] else 0
    done = change(office, "bonus.end", {**said, "last": last})
    say(office._("Rule {rule} ends on {last}.").format(**done))


@click.group()
def order() -> None:
    """Standing orders: what is collected by bank when little is left on a card."""


@order.command("set")
@click.argument("number", type=int)
@click.option("--below", required=True, help="Collect when less than this is on the card.")
@click.option("--amount", required=True, help="So much at once.")
@click.option("--mandate", required=True, help="Where the holder's consent is; no bank account.")
@said_by
@click.pass_obj
def set_order(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Make or change the standing order of a card.

    Example: backoffice card order set 620000000000014 --below 20 --amount 100 --mandate M-117
    """
    exponent = exponent_of(office)
    sums = {name: minor_of(said[name], exponent) for name in ("below", "amount")}
    change(office, "card.order", {**said, **sums})
    tell_state(office, said["number"], N_("standing order"))


@order.command("end")
@click.argument("number", type=int)
@said_by
@click.pass_obj
def end_order(office: Office, number: int, by: str, reason: str) -> None:
    """End the standing order of a card.

    Example: backoffice card order end 620000000000014
    """
    change(office, "card.order.end", {"number": number, "by": by, "reason": reason})
    tell_state(office, number, N_("no standing order"))


@order.command("list")
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@click.pass_obj
def list_orders(office: Office, as_json: bool) -> None:  # noqa: FBT001  click's way
    """List the standing orders in force.

    Example: backoffice card order list --json
    """
    orders, exponent = reading(office).topups.orders(), exponent_of(office)
    if as_json:
        give_json([asdict(one) for one in orders])
        return
    for one in orders:
        sums = f"{decimal_text(one.below, exponent):>10} {decimal_text(one.amount, exponent):>10}"
        click.echo(f"{one.card} {sums}  {one.mandate}")


@order.command("collections")
@click.option("--all", "settled", is_flag=True, help="Also what was paid or failed.")
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@click.option("--csv", "as_csv", is_flag=True, help="For the bank's program.")
@click.pass_obj
def list_collections(office: Office, settled: bool, as_json: bool, as_csv: bool) -> None:  # noqa: FBT001
    """List what is to be collected.

    Example: backoffice card order collections --csv
    """
    from backoffice.store.topups import STATES

    exponent = exponent_of(office)
    found = reading(office).topups.collections(settled=settled)
    if as_json:
        give_json([{**asdict(one), "state": STATES[one.state]} for one in found])
        return
    rows = [
        [str(one.id), decimal_text(one.amount, exponent), one.mandate, STATES[one.state]]
        for one in found
    ]
    if as_csv:
        from backoffice.reports.render import safe_cell

        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(["collection", "amount", "mandate", "state"])
        writer.writerows([one[0], one[1], safe_cell(one[2]), one[3]] for one in rows)
        click.echo(out.getvalue(), nl=False)
        return
    for row in rows:
        click.echo(f"{row[0]:>6} {row[1]:>10}  {row[3]:7}  {row[2]}")


@order.command("paid")
@click.argument("collection", type=int)
@click.option("--reference", default="", help="The bank's.")
@click.option("--failed", is_flag=True, help="The bank will not get it; the order ends.")
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@said_by
@click.pass_obj
def collected(office: Office, /, *, failed: bool, as_json: bool, **said: Any) -> None:  # noqa: ANN401
    """The bank has the money of a collection: it goes on the card.

    Example: backoffice card order paid 7 --reference 20261124-0031
    """
    done = change(office, "card.collected", {**said, "paid": not failed})
    if as_json:
        give_json(done)
    else:
        tell_state(office, done["number"], N_("failed") if failed else N_("topped up"))
