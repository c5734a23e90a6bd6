"""`backoffice settlement` and `backoffice reconcile`."""

import sys

import click

from backoffice.cli.desk import Office, give_json, now_ms, reading, say
from backoffice.cli.report import FIRST_DAY, LAST_DAY, period
from backoffice.errors import Exit, UsageFault
from broker.business_day import business_day

AGREES = {-1: "waits", 0: "differs", 1: "agrees"}


@click.command()
@click.option("--from", "first", help="First business day; today when left out.")
@click.option("--to", "last", help="Last business day.")
@click.option("--json", "as_json", is_flag=True, help="Whole minor units, for programs.")
@click.pass_obj
def settlement(office: Office, first: str | None, last: str | None, as_json: bool) -> None:  # noqa: FBT001  click's way
    """Say what is to be settled with each stall and with each issuer of cards.

    Example: backoffice settlement --from 2026-11-01 --to 2026-11-30
    """
    from backoffice.reports import render
    from backoffice.reports.all import REPORTS
    from backoffice.reports.answer import asked
    from backoffice.reports.report import names_of

    store = reading(office)
    organisation = store.directory.organisation()
    if organisation is None:
        raise UsageFault("There is no organisation yet; run `backoffice apply market.toml` first.")
    today = business_day(now_ms(), organisation.zone, organisation.cutoff_hour)
    begin, end = period(first, last, (today, today))
    names = names_of(store, office.config.language, office._)
    answers = [
        asked(store, REPORTS[name], names, first=begin, last=end)
        for name in ("by-stall", "by-issuer")
    ]
    if as_json:
        stalls, issuers = (render.as_json(one) for one in answers)
        give_json({"stalls": stalls, "issuers": issuers})
        return
    for one in answers:
        click.echo(render.table(one, office._))


@click.command()
@click.option("--from", "first", help="First business day; all when left out.")
@click.option("--to", "last", help="Last business day.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def reconcile(office: Office, first: str | None, last: str | None, as_json: bool) -> None:  # noqa: FBT001  click's way
    """Compare each scale's Z with the books; exit 1 when one differs, or waits for records.

    Example: backoffice reconcile --from 2026-11-24 --to 2026-11-24
    """
    begin, end = period(first, last, (FIRST_DAY, LAST_DAY))
    rows = [
        {
            "terminal": code, "epoch": epoch, "seq": seq, "day": day, "shift": shift,
            "verdict": AGREES[agrees], "difference": difference,
        }
        for _, code, epoch, seq, day, shift, agrees, difference in reading(
            office
        ).sales.z_reports(begin, end)
    ]  # fmt: skip
    if as_json:
        give_json(rows)
    else:
        for row in rows:
            where = f"{row['terminal']:8}  {row['day']}  {row['shift']:4}"
            click.echo(f"{where}  {row['verdict']:8}  {row['difference']}".rstrip())
        if not rows:
            say(office._("No Z report in these days."))
    if any(row["verdict"] != "agrees" for row in rows):
        sys.exit(Exit.DIFFERENCE)
