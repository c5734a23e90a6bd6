"""`backoffice deliver`, `backoffice hook ...`, `backoffice mail ...`: what goes out."""

import os
import signal
import threading
import time
from dataclasses import asdict
from typing import Any

import click

from backoffice.cli.card_said import said_by
from backoffice.cli.desk import Office, change, give_json, now_ms, reading, say
from backoffice.cli.listing import Field, show_rows
from backoffice.deliveries import EVERY, FORMS, checked_minute
from backoffice.errors import OfficeError, Refused, Unavailable, UsageFault
from backoffice.words import N_

EVERY_S = 2.0
_HOOKS = (
    Field("id", N_("No."), "number"), Field("url", N_("Address")), Field("wants", N_("Wants")),
    Field("state", N_("State")), Field("tries", N_("Tries"), "number"), Field("why", N_("Why")),
)  # fmt: skip
_MAILS = (
    Field("id", N_("No."), "number"), Field("report", N_("Report")), Field("when", N_("When")),
    Field("form", N_("File")), Field("to", N_("To")), Field("person", N_("Who")),
    Field("why", N_("Why")),
)  # fmt: skip


@click.command()
@click.option("--once", is_flag=True, help="Only what is due now.")
@click.pass_obj
def deliver(office: Office, *, once: bool) -> None:
    """Tell hooks and mail reports, until told to stop (SIGTERM).

    Example: backoffice deliver --once
    """
    from backoffice.log import start_log
    from backoffice.supervised import supervised_by

    start_log()
    supervised = supervised_by(os.environ, time.monotonic)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    reading(office).close()
    supervised.ready()
    while not stopping.is_set():
        _round(office)
        supervised.alive()
        if once:
            return
        stopping.wait(EVERY_S)
    supervised.stopping()


def _round(office: Office) -> None:
    from backoffice import secrets_file
    from backoffice.deliver import Outside, log
    from backoffice.deliver import deliver as run

    outside = Outside(
        lambda name, said: change(office, name, said), secrets_file.mac_master(office.state),
        office.config.mail, office.config.language, office._,
    )  # fmt: skip
    try:
        store = reading(office)
        try:
            run(store, outside, now_ms())
        finally:
            store.close()
    except OfficeError as error:
        # The server restarts, the disk is full: the next round tries again.
        log.error("not delivered", why=str(error))


@click.group()
def hook() -> None:
    """Hooks: other programs that are told of sales and alerts by HTTP."""


@hook.command("add")
@click.argument("url")
@click.option("--sales", is_flag=True, help="Each sale that is booked.")
@click.option("--alerts", is_flag=True, help="Each alert.")
@said_by
@click.pass_obj
def add_hook(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Tell a program at an https address from now on; prints the hook's number.

    Example: backoffice hook add https://books.example.org/steelyard --sales --alerts
    """
    click.echo(change(office, "hook.add", said)["hook"])


@hook.command("secret")
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@click.pass_obj
def secret(office: Office, number: int, *, as_json: bool) -> None:
    """Print the secret with which a receiver checks what comes from this hook.

    Example: backoffice hook secret 1
    """
    from backoffice import secrets_file
    from backoffice.deliveries import hook_secret

    if reading(office).deliveries.hook(number) is None:
        raise Refused("There is no hook {number}.", number=number)
    found = hook_secret(secrets_file.mac_master(office.state), number)
    if as_json:
        give_json({"hook": number, "secret": found})
    else:
        click.echo(found)


@hook.command("list")
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@click.pass_obj
def list_hooks(office: Office, *, as_json: bool) -> None:
    """List the hooks, how they are and how far they were told.

    Example: backoffice hook list
    """
    rows = [asdict(one) for one in reading(office).deliveries.hooks() if not one.ended_at]
    for row in rows:
        wanted = (("sales", row["wants_sales"]), ("alerts", row["wants_alerts"]))
        row["wants"] = " ".join(word for word, wants in wanted if wants)
        row["state"] = "dead" if row["dead_at"] else "failing" if row["tries"] else "well"
    show_rows(office, _HOOKS, rows, as_json=as_json)


@hook.command("end")
@click.argument("hook", type=int)
@said_by
@click.pass_obj
def end_hook(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Tell this program no longer.

    Example: backoffice hook end 1
    """
    change(office, "hook.end", said)


@hook.command("resume")
@click.argument("hook", type=int)
@said_by
@click.pass_obj
def resume_hook(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Try a hook again that was given up; it goes on where it stopped.

    Example: backoffice hook resume 1
    """
    change(office, "hook.resume", said)


@click.group()
def mail() -> None:
    """Reports by mail, on a schedule."""


@mail.command("add")
@click.argument("report")
@click.argument("every", type=click.Choice(EVERY))
@click.argument("at")
@click.argument("to", nargs=-1, required=True)
@click.option("--form", type=click.Choice(FORMS), default="xlsx", help="The attached file.")
@click.option("--as", "person", default="", help="Only what this person may see.")
@said_by
@click.pass_obj
def add_mail(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Mail a report of yesterday, last week or last month; prints the schedule's number.

    At is a time of day by the organisation's clock; weekly is on Monday, monthly on the first.

    Example: backoffice mail add by-tender daily 06:00 boss@example.org --form csv
    """
    from backoffice.reports.all import REPORTS

    if said["report"] not in REPORTS:
        raise UsageFault(
            "There is no report {name}; there are {known}.",
            name=repr(said["report"][:40]), known=" ".join(REPORTS),
        )  # fmt: skip
    said["minute"] = checked_minute(said.pop("at"))
    click.echo(change(office, "mail.add", {**said, "to": list(said["to"])})["schedule"])


@mail.command("list")
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@click.pass_obj
def list_mails(office: Office, *, as_json: bool) -> None:
    """List the schedules and what became of the last mail.

    Example: backoffice mail list
    """
    rows = [asdict(one) for one in reading(office).deliveries.schedules() if not one.ended_at]
    for row in rows:
        row["when"] = f"{row['every']} {row['minute'] // 60:02d}:{row['minute'] % 60:02d}"
        row["to"] = list(row["to"]) if as_json else " ".join(row["to"])
    show_rows(office, _MAILS, rows, as_json=as_json)


@mail.command("end")
@click.argument("schedule", type=int)
@said_by
@click.pass_obj
def end_mail(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Mail this report no longer.

    Example: backoffice mail end 1
    """
    change(office, "mail.end", said)


@mail.command("test")
@click.argument("to")
@click.pass_obj
def test_mail(office: Office, to: str) -> None:
    """Send a short mail to see whether the settings are right.

    Example: backoffice mail test boss@example.org
    """
    from backoffice.deliveries import checked_address
    from backoffice.mailer import letter, send

    if office.config.mail is None:
        raise UsageFault("office.toml has no [mail]; see the README.")
    made = letter(office.config.mail.sender, (checked_address(to),), "Steelyard", "It works.\n")
    why = send(office.config.mail, made)
    if why:
        raise Unavailable("The mail server did not take it: {why}.", why=why)
    say(office._("Sent to {to}.").format(to=to))
