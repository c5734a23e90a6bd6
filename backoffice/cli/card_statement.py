"""`backoffice card statement NUMBER`."""

import sys

import click

from backoffice.cli.desk import Office, give_json, reading
from backoffice.cli.report import FIRST_DAY, LAST_DAY, period
from backoffice.errors import Refused


@click.command()
@click.argument("number", type=int)
@click.option("--from", "first", help="First business day; the card's first when left out.")
@click.option("--to", "last", help="Last business day.")
@click.option("--json", "as_json", is_flag=True, help="Whole minor units, for programs.")
@click.option("--csv", "as_csv", is_flag=True, help="For spreadsheets.")
@click.pass_obj
def statement(
    office: Office, number: int, *, first: str | None, last: str | None, as_json: bool,
    as_csv: bool,
) -> None:  # fmt: skip
    """Show what moved on a card: opening + moves = closing, to the fen.

    Example: backoffice card statement 620000000000014 --from 2026-11-01 --to 2026-11-30 --csv
    """
    from backoffice.reports.card_statement import as_csv as csv_of
    from backoffice.reports.card_statement import card_statement, lines_of
    from backoffice.reports.render import width

    begin, end = period(first, last, (FIRST_DAY, LAST_DAY))
    told = card_statement(reading(office), number, begin, end)
    if told is None:
        raise Refused("There is no such card with a purse; check the number.")
    if as_json:
        give_json(told.as_json())
        return
    rows = lines_of(told, office._)
    if as_csv:
        sys.stdout.buffer.write(csv_of(rows).encode())
        return
    widths = [max(width(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        parts = []
        for at, (text, wide) in enumerate(zip(row, widths, strict=True)):
            blank = " " * (wide - width(text))
            parts.append(text + blank if at < 3 else blank + text)
        click.echo("  ".join(parts).rstrip())
