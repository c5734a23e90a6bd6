"""`backoffice report NAME` and `backoffice report check`."""

import sys
from datetime import date
from typing import TYPE_CHECKING

import click

from backoffice.cli.desk import Office, give_json, now_ms, reading, say
from backoffice.errors import Exit, UsageFault
from broker.business_day import business_day
from broker.units import decimal_text

if TYPE_CHECKING:
    from backoffice.reports.check import Checked
    from backoffice.store import Store

FIRST_DAY, LAST_DAY = 20000101, 20991231


def day_of(text: str) -> int:
    """YYYYMMDD of a day given as 20261124 or 2026-11-24.

    Raises:
        UsageFault: no such day.
    """
    digits = text.replace("-", "")
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        raise UsageFault(
            "{text} is not a day; write 20261124 or 2026-11-24.", text=repr(text)
        ) from None
    if len(digits) != 8:
        raise UsageFault("{text} is not a day; write 20261124 or 2026-11-24.", text=repr(text))
    return int(digits)


def period(first: str | None, last: str | None, default: tuple[int, int]) -> tuple[int, int]:
    """First and last business day asked for; one alone means from or up to that day."""
    begin = day_of(first) if first else (default[0] if last is None else FIRST_DAY)
    end = day_of(last) if last else default[1]
    if begin > end:
        raise UsageFault("--from {begin} is after --to {end}.", begin=begin, end=end)
    return begin, end


@click.group()
def report() -> None:
    """Takings by tender, cashier, product, store or day; and the check of the books."""


def _reporting(name: str) -> click.Command:
    @click.command(name, help=f"Takings {name.replace('-', ' ')}; today when no day is given.")
    @click.option("--from", "first", help="First business day.")
    @click.option("--to", "last", help="Last business day.")
    @click.option("--json", "as_json", is_flag=True, help="Whole minor units, for programs.")
    @click.option("--csv", "as_csv", is_flag=True, help="For spreadsheets.")
    @click.pass_obj
    def run(office: Office, /, **said: str | bool | None) -> None:
        _show(office, name, **said)  # type: ignore[arg-type]

    return run


def _show(
    office: Office, name: str, *, first: str | None, last: str | None, as_json: bool, as_csv: bool
) -> None:
    from backoffice.reports import render
    from backoffice.reports.all import REPORTS
    from backoffice.reports.report import asked, names_of

    store = reading(office)
    organisation = store.directory.organisation()
    if organisation is None:
        raise UsageFault("There is no organisation yet; run `backoffice apply market.toml` first.")
    today = business_day(now_ms(), organisation.zone, organisation.cutoff_hour)
    begin, end = period(first, last, (today, today))
    names = names_of(store, office.config.language, office._)
    answer = asked(store, REPORTS[name], names, first=begin, last=end)
    if as_json:
        give_json(render.as_json(answer))
    elif as_csv:
        sys.stdout.buffer.write(render.as_csv(answer, office._).encode())
    else:
        click.echo(render.table(answer, office._))


for _name in (
    "by-tender", "by-cashier", "by-product", "by-store", "by-period", "by-stall", "by-issuer",
):  # fmt: skip
    report.add_command(_reporting(_name))


@report.command()
@click.option("--from", "first", help="First business day; all when left out.")
@click.option("--to", "last", help="Last business day.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def check(office: Office, first: str | None, last: str | None, as_json: bool) -> None:  # noqa: FBT001
    """Prove that lines = tenders = ledger = what the scales counted; exit 1 when not."""
    from backoffice.reports.check import check as prove

    begin, end = period(first, last, (FIRST_DAY, LAST_DAY))
    store = reading(office)
    result = prove(store, begin, end)
    if as_json:
        give_json(result.as_json())
    else:
        for one in result.differences:
            click.echo(f"{one.check}: {one.where}: {one.expected} / {one.found}")
        say(_verdict(office, store, result))
    if result.differences:
        sys.exit(Exit.DIFFERENCE)


def _verdict(office: Office, store: "Store", result: "Checked") -> str:
    organisation = store.directory.organisation()
    exponent = organisation.exponent if organisation else 2
    currency = organisation.currency if organisation else ""
    verdict = office._("Differences found") if result.differences else office._("All agrees")
    counted = office._(
        "{sales} sales, {total}, {z_reports} Z reports, {entries} entries, "
        "{open_operations} payments without an outcome yet"
    )
    total = f"{decimal_text(result.counted['total'], exponent)} {currency}"
    return f"{verdict}: {counted.format(**{**result.counted, 'total': total})}."
