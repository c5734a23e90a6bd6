"""`backoffice demo-data`: a pretend year of a pretend chain, for trying it at size."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from backoffice.cli.desk import Office, open_desk, say
from backoffice.errors import UsageFault

if TYPE_CHECKING:
    from backoffice.handlers.desk import Desk

MONTHS = 12
MOST = 20_000_000


@click.command("demo-data")
@click.option(
    "--sales", default=20_000, show_default=True, type=click.IntRange(1, MOST),
    help="How many, four lines each on average.",
)  # fmt: skip
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same sales.")
@click.option(
    "--members", default=10_000, show_default=True, type=click.IntRange(20, 100_000),
    help="Members, each with a card.",
)  # fmt: skip
@click.option("--until", help="Last day, YYYY-MM-DD; yesterday when left out.")
@click.pass_obj
def demo_data(office: Office, /, *, sales: int, seed: int, members: int, until: str | None) -> None:
    """Fill a fresh state folder with a year of sales that never were.

    Twenty stores in two time zones, sixty tills and cashiers, two hundred products, members with
    cards, refunds, voids, late and offline sales. The books pass `report check` and `audit`.

    Example: backoffice demo-data --sales 20000
    """
    from backoffice.lock import WriterLock

    if office.state.books.exists():
        raise UsageFault("There are books in this state folder; give a fresh one with --state.")
    last = date.fromisoformat(until) if until else datetime.now(tz=UTC).date()
    with WriterLock(office.state.lock):
        desk = open_desk(office)
        second, desk.second = desk.second, None
        try:
            _fill(office, desk, sales, seed=seed, members=members, last=last)
            if second is not None:
                second.catch_up(desk.store.office.after(0))
        finally:
            desk.store.close()


def _fill(office: Office, desk: "Desk", sales: int, *, seed: int, members: int, last: date) -> None:
    from backoffice.cli.progress import counting
    from backoffice.commands.table import keep_inside
    from backoffice.demo import booking, chain
    from backoffice.demo.shopping import Shopping
    from backoffice.handlers.desk import Batch
    from broker.codec import decode_prices

    days = booking.days_before(last, MONTHS)
    begin = int(datetime(days[0].year, days[0].month, days[0].day, tzinfo=UTC).timestamp()) * 1000
    with desk.store.bulk():
        with desk.store.transaction():
            keep_inside(desk, "apply", {"text": chain.market_text()}, Batch(), now=begin)
        desk.forget()
        scales = []
        for till in chain.tills():
            with desk.store.transaction():
                said = {"terminal": till.code}
                keep_inside(desk, "terminal.enrol", said, Batch(), now=begin)
            row = desk.store.directory.terminal(till.code)
            assert row is not None, "applied above"
            scales.append(booking.Scale(till, row))
        content = desk.store.directory.list_content(scales[0].row.list_version)
        assert content is not None, "applied above"
        shopping = Shopping(seed, decode_prices(content).products, members)
        year = booking.Year(desk, shopping, scales)
        with counting(office._("cards"), members) as told:
            for done in year.issue(members, begin):
                told(done)
        done = 0
        with counting(office._("sales"), sales) as told:
            for day, count in zip(days, booking.sales_of(days, sales), strict=True):
                done += year.day(day, count)
                told(done)
    say(office._("{sales} sales from {first} to {last}.").format(
        sales=done, first=days[0], last=days[-1]))  # fmt: skip
