"""What the commands for products share: who says it and who else agrees, and what would change."""

import sys
from collections.abc import Callable
from typing import Any

import click

from backoffice.cli.card_said import person
from backoffice.cli.desk import Office, change, give_json, reading, say
from backoffice.errors import Refused, UsageFault
from backoffice.words import N_

_FROM = "When it takes effect: 2026-12-01 or '2026-12-01 06:00'; it does so by itself."
MOST_SHOWN = 50


def changing(command: Callable[..., None]) -> Callable[..., None]:
    """Adds what every change of prices may be told."""
    for name, options in (
        ("--json", {"is_flag": True, "help": "Data for programs."}),
        ("--dry-run", {"is_flag": True, "help": "Say what would change; change nothing."}),
        ("--yes", {"is_flag": True, "help": "Take prices that jump without asking."}),
        ("--from", {"default": "", "help": _FROM}),
        ("--secret-stdin", {"is_flag": True, "help": "Her password or PIN from standard input."}),
        ("--approved-by", {"default": "", "help": "The second person: name, or cashier number."}),
        ("--by", {"default": person, "help": "Who; the login user when left out."}),
    ):
        word = name.removeprefix("--").replace("-", "_")
        field = {"json": "as_json", "from": "moment"}.get(word, word)
        command = click.option(name, field, **options)(command)
    return command


def second_person(office: Office, said: dict[str, Any]) -> str:
    """The name for `approved_by`, proved; empty when nobody was named.

    Raises:
        Refused: nobody of that name, or not her secret.
    """
    who = said["approved_by"]
    if not who:
        return ""
    from backoffice.second_signature import signed_by
    from backoffice.secrets_file import mac_master

    if said["secret_stdin"]:
        secret = sys.stdin.readline().rstrip("\n")
    else:
        secret = click.prompt(
            office._(N_("Password or PIN of {who}")).format(who=who), hide_input=True
        )
    return signed_by(reading(office), who, secret, mac_master(office.state))


def carry(office: Office, name: str, asked: dict[str, Any], said: dict[str, Any]) -> None:
    """Shows what a command would change, asks where a price jumps, and does it.

    Raises:
        OfficeError: what is wrong, and nothing was changed.
    """
    plan = change(office, name, {**asked, "dry_run": True})
    if said["dry_run"]:
        _show(office, plan, said)
        if plan["faults"]:
            raise UsageFault("{count} rows cannot be used.", count=len(plan["faults"]))
        return
    if not plan["faults"]:
        _ask_about_jumps(office, plan, said)
    who = {"by": said["by"], "approved_by": second_person(office, said), "from": said["moment"]}
    # What was shown is what is done: whoever changed it since then is not overwritten.
    asked = {**asked, **who, "based_on": plan["list_version"]}
    _show(office, change(office, name, asked), said)


def _ask_about_jumps(office: Office, plan: dict[str, Any], said: dict[str, Any]) -> None:
    if not plan["jumps"] or said["yes"]:
        return
    show_plan(office, plan, only_jumps=True)
    question = office._(N_("{count} prices move by more than {percent} %. Take them?")).format(
        count=len(plan["jumps"]), percent=plan["jump_percent"]
    )
    if not sys.stdin.isatty():
        raise Refused(
            "{count} prices move by more than {percent} %; look at them, and say --yes.",
            count=len(plan["jumps"]), percent=plan["jump_percent"],
        )  # fmt: skip
    if not click.confirm(question, err=True):
        raise Refused("Nothing was changed.")


def _show(office: Office, plan: dict[str, Any], said: dict[str, Any]) -> None:
    if said["as_json"]:
        give_json(plan)
        return
    show_plan(office, plan)
    if plan.get("waits"):
        say(office._(N_("Change {waits} waits for its time.")).format(**plan))
    elif said["dry_run"]:
        say(office._(N_("Nothing was changed.")))
    elif plan["changed"]:
        say(office._(N_("new price list {list_version}.")).format(**plan))
    else:
        say(office._(N_("price list unchanged, version {list_version}.")).format(**plan))


def show_plan(office: Office, plan: dict[str, Any], *, only_jumps: bool = False) -> None:
    """The differences as people read them: + new, ! jump, ~ changed, - gone."""
    lines = []
    if not only_jumps:
        lines += [f"+ {_named(row)}  {row['price']}" for row in plan["added"]]
        lines += [f"- {_named(row)}" for row in plan["removed"]]
    for one in plan["changes"]:
        fields = ", ".join(
            f"{field['field']} {field['old'] or '-'} -> {field['new'] or '-'}"
            for field in one["fields"]
        )
        if one["jump"] or not only_jumps:
            lines.append(f"{'!' if one['jump'] else '~'} {_named(one)}  {fields}")
    for line in lines[:MOST_SHOWN]:
        click.echo(line)
    if len(lines) > MOST_SHOWN:
        say(office._(N_("... and {count} more; --json has them all.")).format(
            count=len(lines) - MOST_SHOWN))  # fmt: skip
    for fault in plan["faults"]:
        say(fault)
    counts = N_("{added} new, {changes} changed, {removed} gone, {same} the same.")
    if not only_jumps:
        numbers = {name: len(plan[name]) for name in ("added", "changes", "removed")}
        say(office._(counts).format(**numbers, same=plan["same"]))


def _named(row: dict[str, Any]) -> str:
    return f"{row['plu']:>6} {row['name_zh'] or row['name_en']}"
