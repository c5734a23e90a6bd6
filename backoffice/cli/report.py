"""`backoffice report NAME`, `report check` and `report views`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backoffice.cli.desk import Office, give_json, now_ms, reading, say
from backoffice.errors import Exit, UsageFault
from broker.business_day import business_day
from broker.units import decimal_text

if TYPE_CHECKING:
    from backoffice.people import Person
    from backoffice.reports.answer import Answer
    from backoffice.reports.check import Checked
    from backoffice.reports.question import Question
    from backoffice.reports.report import Names
    from backoffice.store import Store

FIRST_DAY, LAST_DAY = 20000101, 20991231
MOST_SHOWN = 1000
"""Rows of a list on a screen; files hold all."""
PERIODS = ("today", "yesterday", "week", "month", "last-month", "year")
NARROWED = (
    ("store", "Code of a store."),
    ("stall", "Name or code of a stall."),
    ("terminal", "A till."),
    ("cashier", "Number of a cashier."),
    ("tender", "cash, stored-value, city-card or qr."),
    ("level", "Price level of the sale, 0 = shelf."),
    ("category", "Category of products; - = those without."),
    ("product", "A PLU."),
    ("member", "Number of a member's card."),
)


def day_of(text: str) -> int:
    """YYYYMMDD of a day given as 20261124 or 2026-11-24.

    Raises:
        UsageFault: no such day.
    """
    from backoffice.reports import question

    return question.day_of(text)


def period(first: str | None, last: str | None, default: tuple[int, int]) -> tuple[int, int]:
    """First and last business day asked for; one alone means from or up to that day."""
    begin = day_of(first) if first else (default[0] if last is None else FIRST_DAY)
    end = day_of(last) if last else default[1]
    if begin > end:
        raise UsageFault("--from {begin} is after --to {end}.", begin=begin, end=end)
    return begin, end


@click.group()
def report() -> None:
    """Takings by tender, cashier, product, store, hour, day; and the check of the books.

    Example: backoffice report by-tender --period month --compare
    """


def _reporting(name: str) -> click.Command:
    @click.command(name, help=_help(name))
    @click.option("--from", "first", help="First business day.")
    @click.option("--to", "last", help="Last business day.")
    @click.option("--period", "word", type=click.Choice(PERIODS), help="Instead of days.")
    @click.option("--compare", is_flag=True, help="Beside the period before and a year ago.")
    @click.option("--as", "who", help="Only what this person may see.")
    @click.option("--define", is_flag=True, help="Say what the columns mean.")
    @click.option("--json", "as_json", is_flag=True, help="Whole minor units, for programs.")
    @click.option("--csv", "as_csv", is_flag=True, help="For spreadsheets.")
    @click.option("--xlsx", type=click.Path(path_type=Path, dir_okay=False), help="A workbook.")
    @click.pass_obj
    def run(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's words
        _show(office, name, said)

    for option, help_ in reversed(NARROWED):
        run = click.option(f"--{option}", help=help_)(run)
    return run


def _help(name: str) -> str:
    return (
        f"Report {name}; today when no day is given.\n\n"
        f"Example: backoffice report {name} --period last-month"
    )


def _show(office: Office, name: str, said: dict[str, Any]) -> None:
    from backoffice.reports import render
    from backoffice.reports.all import REPORTS
    from backoffice.reports.answer import answered
    from backoffice.reports.report import names_of

    store = reading(office)
    shown = REPORTS[name]
    question = _question(store, name, said)
    names = names_of(store, office.config.language, office._)
    if said["xlsx"] or said["as_csv"]:
        _file(office, store, names, (name, question, said))
        return
    answer = answered(store, shown, names, question, compare=said["compare"])
    if said["as_json"]:
        give_json(render.as_json(answer))
        return
    click.echo(render.table(answer, office._))
    if said["define"]:
        click.echo(f"\n{render.defined(answer, office._)}")


def _question(store: "Store", name: str, said: dict[str, Any]) -> "Question":
    from dataclasses import replace

    from backoffice.reports.all import REPORTS
    from backoffice.reports.question import question_of

    organisation = store.directory.organisation()
    if organisation is None:
        raise UsageFault("There is no organisation yet; run `backoffice apply market.toml` first.")
    person = _person(store, said["who"])
    words = {"from": said["first"], "to": said["last"], "period": said["word"]}
    words |= {option: said[option] for option, _ in NARROWED}
    today = business_day(now_ms(), organisation.zone, organisation.cutoff_hour)
    given = {key: value for key, value in words.items() if value}
    question = question_of(store, REPORTS[name], given, person=person, today=today)
    is_file = said["xlsx"] or said["as_csv"]
    return question if is_file or not REPORTS[name].is_list else replace(question, most=MOST_SHOWN)


def _file(
    office: Office, store: "Store", names: "Names", asked: tuple[str, "Question", dict[str, Any]]
) -> None:
    """Writes CSV to stdout or a workbook; long ones with progress on a terminal's stderr."""
    from backoffice.reports import render
    from backoffice.reports.all import REPORTS
    from backoffice.reports.answer import headed, streamed

    name, question, said = asked
    shown = REPORTS[name]
    if shown.is_list:
        answer, rows = headed(store, shown, question), streamed(store, shown, names, question)
    else:
        answer = _whole(store, names, asked)
        rows = iter(answer.rows)
    from backoffice.cli.progress import counting

    if said["xlsx"]:
        from backoffice.reports.xlsx import write_xlsx

        with counting(office._("rows")) as told:
            count = write_xlsx(said["xlsx"], answer, office._, rows=rows, told=told)
        say(office._("{count} rows in {path}").format(count=count, path=said["xlsx"]))
        return
    with counting(office._("rows")) as told:
        for count, line in enumerate(render.csv_lines(answer, office._, rows)):
            sys.stdout.buffer.write(line.encode())
            told(count)


def _whole(
    store: "Store", names: "Names", asked: tuple[str, "Question", dict[str, Any]]
) -> "Answer":
    from backoffice.reports.all import REPORTS
    from backoffice.reports.answer import answered

    name, question, said = asked
    return answered(store, REPORTS[name], names, question, compare=said["compare"])


for _name in (
    "by-period", "by-month", "by-hour", "by-tender", "by-issuer", "stored-value", "by-store",
    "by-stall", "by-cashier", "by-product", "by-category", "discounts", "by-level", "by-member",
    "reconciliation", "z", "refunds", "exceptions", "terminals", "sales",
):  # fmt: skip
    report.add_command(_reporting(_name))


@report.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def views(office: Office, as_json: bool) -> None:  # noqa: FBT001  click's way
    """List the read-only views of the books, for other programs, each with an example.

    Example: backoffice report views
    """
    from backoffice.reports.views import VIEWS

    store = reading(office)
    rows = [
        {
            "view": one.name, "reports": list(one.reports), "example": one.example(),
            "columns": store.report_text(f"SELECT * FROM {one.name} LIMIT 0")[0],  # noqa: S608
        }
        for one in VIEWS
    ]  # fmt: skip
    if as_json:
        give_json(rows)
        return
    for row in rows:
        click.echo(f"{row['view']}  ({', '.join(row['reports'])})")
        click.echo(f"    {' '.join(row['columns'])}")
        click.echo(f"    {row['example']}")


@report.command()
@click.argument("uid")
@click.option("--as", "who", help="Only what this person may see.")
@click.pass_obj
def receipt(office: Office, uid: str, who: str | None) -> None:
    """Show one receipt, as JSON; UID is what `report sales --json` calls it.

    Example: backoffice report receipt 019a5d1c3f007c1b8e4d2a6f5b9c0d1e
    """
    from backoffice.reports.receipt import receipt_of

    store = reading(office)
    found = receipt_of(store, uid, _person(store, who))
    if found is None:
        raise UsageFault("There is no receipt of that name that you may see.")
    give_json(found.as_json())


def _person(store: "Store", who: str | None) -> "Person | None":
    person: Person | None = store.people.get(who) if who else None
    if who and person is None:
        raise UsageFault("There is nobody of the name {name}.", name=repr(who))
    return person


@report.command()
@click.option("--from", "first", help="First business day; all when left out.")
@click.option("--to", "last", help="Last business day.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def check(office: Office, first: str | None, last: str | None, as_json: bool) -> None:  # noqa: FBT001
    """Prove that lines = tenders = ledger = what the scales counted; exit 1 when not.

    Example: backoffice report check --from 2026-11-01
    """
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
