"""`backoffice stock in|waste|count|import|undo|show|shrinkage|moves`."""

import hashlib
import sys
from pathlib import Path
from typing import Any

import click

from backoffice.cli.card_said import exponent_of, new_op, said_by
from backoffice.cli.desk import Office, change, reading, say
from backoffice.cli.listing import Field, show_rows
from backoffice.cli.report import FIRST_DAY, LAST_DAY, period
from backoffice.errors import UsageFault
from backoffice.words import N_

_WHAT = (
    Field("place", N_("Place")),
    Field("plu", "PLU", "number"),
    Field("product", N_("Product")),
)
_NOW = (
    *_WHAT,
    Field("on_hand", N_("On hand"), "quantity"),
    Field("value", N_("Value"), "money"),
    Field("cost_per", N_("Cost for one"), "money"),
    Field("last_day", N_("Last"), "day"),
)
_LOST = (
    *_WHAT,
    Field("opening", N_("Opening"), "quantity"),
    Field("received", N_("In"), "quantity"),
    Field("sold", N_("Sold"), "quantity"),
    Field("wasted", N_("Waste"), "quantity"),
    Field("difference", N_("Counted difference"), "quantity"),
    Field("closing", N_("Closing"), "quantity"),
    Field("shrinkage", N_("Shrinkage"), "money"),
    Field("shrinkage_permille", N_("in thousandths"), "number"),
)
_MOVES = (
    Field("move", N_("No."), "number"),
    Field("day", N_("Day"), "day"),
    Field("word", N_("What")),
    Field("place", N_("Place")),
    Field("plu", "PLU", "number"),
    Field("quantity", N_("Quantity"), "quantity"),
    Field("cost", N_("Cost"), "money"),
    Field("supplier", N_("Supplier")),
    Field("reason", N_("Reason")),
    Field("by", N_("Who")),
)
_MOST_MOVES = 1000
_AT_ONCE = 2000

json_option = click.option("--json", "as_json", is_flag=True, help="Data for programs.")
csv_option = click.option("--csv", "as_csv", is_flag=True, help="For spreadsheets.")
_first = click.option("--from", "first", help="First business day.")
_last = click.option("--to", "last", help="Last business day.")
_place = click.option("--place", required=True, help="Code of a store, stall or terminal.")


@click.group()
def stock() -> None:
    """Stock: goods in, waste, counts, what is there, what was lost."""


def _products(office: Office) -> dict[int, bool]:
    from broker.codec import decode_prices

    directory = reading(office).directory
    organisation = directory.organisation()
    content = directory.list_content(organisation.list_version) if organisation else None
    return {one.plu: one.by_piece for one in decode_prices(content).products} if content else {}


def _add(office: Office, word: str, said: dict[str, Any]) -> None:
    from backoffice.stock import Word
    from backoffice.stock_rows import stock_row

    texts = {name: str(value) for name, value in said.items() if value not in (None, "")}
    row = stock_row(
        texts, Word(word), by_piece=_products(office), exponent=exponent_of(office)
    )  # fmt: skip
    asked = {"word": word, "rows": [row], "op": new_op(), "by": said["by"]}
    click.echo(change(office, "stock.add", asked)["first"])


@stock.command("in")
@click.argument("plu")
@click.argument("quantity")
@click.option("--price", help="For one kg or piece.")
@click.option("--cost", help="For all of it.")
@click.option("--supplier", default="", help="From whom.")
@click.option("--reference", default="", help="The delivery note.")
@_place
@said_by
@click.pass_obj
def goods_in(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Goods come in: kg or pieces, at a price; prints the row's number.

    Example: backoffice stock in 1 120.5 --price 4.20 --supplier Wang --place S03/1
    """
    _add(office, "in", said)


@stock.command()
@click.argument("plu")
@click.argument("quantity")
@_place
@said_by
@click.pass_obj
def waste(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Goods go to waste; the reason has to be said.

    Example: backoffice stock waste 1 3.2 --reason spoiled --place S03/1
    """
    _add(office, "waste", said)


@stock.command()
@click.argument("plu")
@click.argument("quantity")
@_place
@said_by
@click.pass_obj
def count(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """What was found when it was counted or weighed.

    Example: backoffice stock count 1 87.3 --place S03/1
    """
    _add(office, "count", said)


@stock.command("import")
@click.argument("word", type=click.Choice(["in", "waste", "count"]))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--place", default="", help="Where, for rows that do not say.")
@said_by
@click.pass_obj
def import_rows(office: Office, /, *, word: str, file: Path, place: str, **said: Any) -> None:  # noqa: ANN401
    """Take many rows from a CSV file; the same file on the same day is taken once.

    Columns: plu, quantity; place, price or cost, supplier, reference, reason as wanted.

    Example: backoffice stock import in delivery.csv --place S03
    """
    from backoffice.card_rows import text_of
    from backoffice.cli.card_said import office_day
    from backoffice.stock import Word
    from backoffice.stock_rows import rows_of

    raw = file.read_bytes()
    rows = rows_of(
        text_of(raw), Word(word), by_piece=_products(office), exponent=exponent_of(office)
    )  # fmt: skip
    if not place and any("place" not in row for row in rows):
        raise UsageFault("Say where: --place, or a column place in every row.")
    name = hashlib.sha256(f"{office_day(office)} {word} {place} ".encode() + raw).digest()[:12]
    parts = range(0, len(rows), _AT_ONCE)
    with click.progressbar(parts, file=sys.stderr, label=file.name) as bar:
        for at in bar:
            op = (name + at.to_bytes(4, "big")).hex()
            part = {"word": word, "place": place, "rows": rows[at : at + _AT_ONCE], "op": op}
            change(office, "stock.add", {**part, "by": said["by"]})
    say(office._("{count} rows.").format(count=len(rows)))


@stock.command()
@click.argument("move", type=int)
@said_by
@click.pass_obj
def undo(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Take back a row of goods in or waste by its mirror; prints the new row's number.

    Example: backoffice stock undo 17 --reason "typed twice"
    """
    click.echo(change(office, "stock.undo", said)["first"])


@stock.command()
@json_option
@csv_option
@click.pass_obj
def show(office: Office, as_json: bool, as_csv: bool) -> None:  # noqa: FBT001  click's way
    """What should be there, and what it is worth.

    On hand: goods in, less sold and wasted, as corrected by counts. Value: on hand at the moving
    average of what it cost. Cost for one: that average for a kg or piece.

    Example: backoffice stock show --csv
    """
    from backoffice.reports.stock_report import stock_now

    rows = stock_now(reading(office), office.config.language)
    show_rows(
        office, _NOW, rows, exponent=exponent_of(office), as_json=as_json, as_csv=as_csv
    )  # fmt: skip


@stock.command()
@_first
@_last
@json_option
@csv_option
@click.pass_obj
def shrinkage(
    office: Office, *, first: str | None, last: str | None, as_json: bool, as_csv: bool
) -> None:
    """What was wasted and what was missing at counts, by product and place.

    Counted difference: found less expected; below zero is missing. Shrinkage: wasted and missing
    together, at cost; then in thousandths of opening value and goods in.

    Example: backoffice stock shrinkage --from 2026-11-01 --to 2026-11-30
    """
    from backoffice.reports.stock_report import shrinkage as lost

    begin, end = period(first, last, (FIRST_DAY, LAST_DAY))
    rows = lost(reading(office), begin, end, office.config.language)
    show_rows(
        office, _LOST, rows, exponent=exponent_of(office), as_json=as_json, as_csv=as_csv
    )  # fmt: skip


@stock.command()
@_first
@_last
@json_option
@csv_option
@click.pass_obj
def moves(
    office: Office, *, first: str | None, last: str | None, as_json: bool, as_csv: bool
) -> None:
    """What was said of stock, newest first, at most 1,000 rows.

    Example: backoffice stock moves --from 2026-11-24
    """
    from backoffice.reports.stock_report import moves_said

    begin, end = period(first, last, (FIRST_DAY, LAST_DAY))
    rows = moves_said(reading(office), begin, end, most=_MOST_MOVES)
    show_rows(
        office, _MOVES, rows, exponent=exponent_of(office), as_json=as_json, as_csv=as_csv
    )  # fmt: skip
