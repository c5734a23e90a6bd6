"""`backoffice alerts`, `backoffice quarantine`: what a person should look at."""

from datetime import UTC, datetime

import click

from backoffice.cli.desk import Office, give_json, reading, say


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms // 1000, tz=UTC).strftime("%Y-%m-%d %H:%M:%SZ")


@click.command()
@click.option("--most", type=click.IntRange(1, 10_000), default=50)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def alerts(office: Office, most: int, as_json: bool) -> None:  # noqa: FBT001  click's way
    """List the newest alerts."""
    names = ("id", "at", "word", "terminal", "card", "op", "detail")
    rows = [dict(zip(names, row, strict=True)) for row in reading(office).notes.alerts(most)]
    for row in rows:
        row["op"] = row["op"].hex()
    if as_json:
        give_json(rows)
        return
    for row in rows:
        card = f"...{row['card'] % 10_000:04d}" if row["card"] else ""
        text = (
            f"{_time(row['at'])}  {row['word']:18}  {row['terminal']:8}  {card:7}  {row['detail']}"
        )
        click.echo(text.rstrip())
    if not rows:
        say(office._("No alerts."))


@click.command()
@click.option("--most", type=click.IntRange(1, 10_000), default=50)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def quarantine(office: Office, most: int, as_json: bool) -> None:  # noqa: FBT001  click's way
    """List the newest messages that could not be used."""
    names = ("id", "at", "topic", "reason", "detail", "length", "payload")
    rows = [dict(zip(names, row, strict=True)) for row in reading(office).notes.quarantined(most)]
    for row in rows:
        row["payload"] = row["payload"].hex()
    if as_json:
        give_json(rows)
        return
    for row in rows:
        text = f"{_time(row['at'])}  {row['reason']:16}  {row['length']:6}  {row['topic']}"
        click.echo(f"{text}  {row['detail']}")
    if not rows:
        say(office._("The quarantine is empty."))
