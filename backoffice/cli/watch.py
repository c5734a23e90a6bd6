"""`backoffice alerts`, `backoffice quarantine`: what a person should look at."""

from datetime import UTC, datetime

import click

from backoffice.cli.desk import Office, change, give_json, reading, say


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms // 1000, tz=UTC).strftime("%Y-%m-%d %H:%M:%SZ")


@click.group(invoke_without_command=True)
@click.option("--most", type=click.IntRange(1, 10_000), default=50, help="So many at most.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def alerts(context: click.Context, most: int, as_json: bool) -> None:  # noqa: FBT001  click's way
    """List the newest alerts, or settle one.

    Example: backoffice alerts --json
    """
    if context.invoked_subcommand is None:
        _list_alerts(context.obj, most, as_json=as_json)


def _list_alerts(office: Office, most: int, *, as_json: bool) -> None:
    names = ("id", "at", "word", "terminal", "card", "op", "detail", "by", "reason", "settled_at")
    rows = [dict(zip(names, row, strict=True)) for row in reading(office).notes.alerts(most)]
    for row in rows:
        row["op"] = row["op"].hex()
    if as_json:
        give_json(rows)
        return
    for row in rows:
        card = f"...{row['card'] % 10_000:04d}" if row["card"] else ""
        where = f"{row['word']:18}  {row['terminal']:8}  {card:7}"
        text = f"{row['id']:6}  {_time(row['at'])}  {where}  {row['detail']}"
        if row["by"]:
            text += f"  [{row['by']}: {row['reason']}]"
        click.echo(text.rstrip())
    if not rows:
        say(office._("No alerts."))


@alerts.command("settle")
@click.argument("number", type=int)
@click.option("--by", required=True, help="Who has looked at it.")
@click.option("--reason", required=True, help="What it was.")
@click.pass_obj
def settle_alert(office: Office, number: int, by: str, reason: str) -> None:
    """Note that a person has looked at an alert; it stays in the list.

    Example: backoffice alerts settle 17 --by lin --reason "the till was moved"
    """
    change(office, "alert.settle", {"id": number, "by": by, "reason": reason})


@click.group(invoke_without_command=True)
@click.option("--most", type=click.IntRange(1, 10_000), default=50, help="So many at most.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def quarantine(context: click.Context, most: int, as_json: bool) -> None:  # noqa: FBT001
    """List the newest messages that could not be used; try one again, or settle it.

    Example: backoffice quarantine --json
    """
    if context.invoked_subcommand is None:
        _list_quarantine(context.obj, most, as_json=as_json)


def _list_quarantine(office: Office, most: int, *, as_json: bool) -> None:
    names = (
        "id", "at", "topic", "reason", "detail", "length", "payload", "word", "by", "why",
        "settled_at",
    )  # fmt: skip
    rows = [dict(zip(names, row, strict=True)) for row in reading(office).notes.quarantined(most)]
    for row in rows:
        row["payload"] = row["payload"].hex()
    if as_json:
        give_json(rows)
        return
    for row in rows:
        what = f"{row['reason']:16}  {row['length']:6}  {row['topic']}"
        text = f"{row['id']:6}  {_time(row['at'])}  {what}"
        done = f"  [{row['word']}, {row['by']}: {row['why']}]" if row["by"] else ""
        click.echo(f"{text}  {row['detail']}{done}")
    if not rows:
        say(office._("The quarantine is empty."))


@quarantine.command()
@click.argument("number", type=int)
@click.option("--by", required=True, help="Who tries it again.")
@click.option("--reason", required=True, help="Why it should go now.")
@click.pass_obj
def retry(office: Office, number: int, by: str, reason: str) -> None:
    """Receive a message once more; exit 1 when it is refused again.

    Example: backoffice quarantine retry 3 --by lin --reason "the scale is known now"
    """
    change(office, "quarantine.retry", {"id": number, "by": by, "reason": reason})


@quarantine.command("settle")
@click.argument("number", type=int)
@click.option("--by", required=True, help="Who has looked at it.")
@click.option("--reason", required=True, help="Why nothing more is needed.")
@click.pass_obj
def settle_message(office: Office, number: int, by: str, reason: str) -> None:
    """Note that a message needs nothing more; it stays where it is.

    Example: backoffice quarantine settle 3 --by lin --reason "a test message"
    """
    change(office, "quarantine.settle", {"id": number, "by": by, "reason": reason})
