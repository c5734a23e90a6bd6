"""`backoffice collect`: pull the records of a branch whose scales wait to be asked."""

import sys
import time
from typing import Any

import click

from backoffice.cli.desk import Office, give_json, reading
from backoffice.cli.listing import Field, show_rows
from backoffice.cli.progress import counting
from backoffice.errors import Exit, Unavailable, UsageFault
from backoffice.words import N_

LOOK_EVERY_S = 0.3
WAIT_S = 30
SEEN_LATELY_MS = 120_000
"""A scale says every minute that it is there."""

FIELDS = (
    Field("terminal", N_("Till")), Field("store", N_("Store")), Field("state", N_("State")),
    Field("records", N_("Records"), "number"), Field("sales", N_("Sales"), "number"),
    Field("total", N_("Total"), "money"), Field("z", N_("Z")),
    Field("waiting", N_("Waiting"), "number"),
    Field("heard", N_("Last heard")),
)  # fmt: skip
WORDS = {
    "delivered": N_("all delivered"), "sending": N_("still sending"), "silent": N_("silent"),
    "agrees": N_("agrees"), "differs": N_("DIFFERS"), "": "",
}  # fmt: skip


@click.command()
@click.option("--store", default="", help="Code of a store: all its tills.")
@click.option("--terminal", default="", help="One till.")
@click.option("--all", "everywhere", is_flag=True, help="All tills of all stores.")
@click.option(
    "--wait", "wait_s", type=click.IntRange(1, 3600), default=WAIT_S, show_default=True,
    help="Seconds without anything new after which a till counts as silent.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Data for programs; sums in minor units.")
@click.pass_obj
def collect(
    office: Office, store: str, terminal: str, *, everywhere: bool, wait_s: int, as_json: bool
) -> None:
    """Pull everything that tills have sold and not sent yet; 75 when one did not bring all.

    Example: backoffice collect --store S03
    """
    if [bool(store), bool(terminal), everywhere].count(True) != 1:
        raise UsageFault("Say what to collect: --store, --terminal or --all.")
    asked = _asked(office, {"store": store, "terminal": terminal})
    rows = _followed(office, asked, wait_s)
    if as_json:
        give_json(rows)
    else:
        _show(office, rows)
    if any(row["state"] != "delivered" for row in rows):
        sys.exit(Exit.BUSY)
    if any(row["z"] == "differs" for row in rows):
        sys.exit(Exit.DIFFERENCE)


def _asked(office: Office, said: dict[str, str]) -> dict[str, Any]:
    """Only the running server reaches the tills; without one nothing is asked."""
    from backoffice.command_socket import call

    told = call(office.state.socket, "collect.ask", said)
    if told is None:
        raise Unavailable("The server does not run; start it: backoffice serve.")
    return told


def _followed(office: Office, asked: dict[str, Any], wait_s: int) -> list[dict[str, Any]]:
    """Waits until every till has brought all, or nothing new has come for so long."""
    books = reading(office)
    until, before = time.monotonic() + wait_s, -1
    with counting(office._(N_("records"))) as told:
        while True:
            rows = [_standing(books, one, asked["at"]) for one in asked["asked"]]
            come = sum(row["records"] for row in rows)
            told(come)
            if all(row["state"] == "delivered" for row in rows):
                return rows
            if come != before:
                until, before = time.monotonic() + wait_s, come
            if time.monotonic() > until:
                return rows
            time.sleep(LOOK_EVERY_S)


def _standing(books: Any, one: dict[str, Any], at: int) -> dict[str, Any]:  # noqa: ANN401  a Store
    """What a till has brought since it was asked at Unix ms `at`."""
    row = next(row for row in books.collecting.scales() if row.code == one["terminal"])
    # A journal that began anew meanwhile is here from its first entry on.
    upto = one["upto"] if row.epoch == one["epoch"] else 0
    brought = books.collecting.brought(row.id, row.epoch, upto=upto, since=at)
    z = "differs" if brought.z_differing else "agrees" if brought.z_reports else ""
    state = "delivered" if row.collected >= one["number"] else "silent"
    if state == "silent" and (brought.entries or row.seen_at >= at):
        state = "sending"
    return {
        "terminal": row.code, "store": row.store, "state": state, "records": brought.entries,
        "sales": brought.sales, "total": brought.total, "z": z,
        "waiting": 0 if state == "delivered" else row.unsent, "seen_at": row.seen_at,
    }  # fmt: skip


def _show(office: Office, rows: list[dict[str, Any]]) -> None:
    from backoffice.product_view import organisation_in

    organisation = organisation_in(reading(office))
    shown = [
        row | {name: office._(WORDS[row[name]]) if row[name] else "" for name in ("state", "z")}
        | {"heard": "" if row["state"] == "delivered" else _moment(row["seen_at"])}
        for row in rows
    ]  # fmt: skip
    show_rows(office, FIELDS, shown, exponent=organisation.exponent)


def _moment(at_ms: int) -> str:
    from datetime import UTC, datetime

    if not at_ms:
        return "-"
    return datetime.fromtimestamp(at_ms // 1000, tz=UTC).strftime("%Y-%m-%d %H:%M:%SZ")
