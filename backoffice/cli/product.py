"""`backoffice product list|show|set|remove|import|export|limits`: what is sold, for how much."""

import sys
from pathlib import Path
from typing import Any

import click

from backoffice.cli.desk import Office, change, give_json, now_ms, reading, say
from backoffice.cli.product_said import carry, changing
from backoffice.errors import Refused, UsageFault
from backoffice.words import N_


@click.group()
def product() -> None:
    """The products: what is sold, in which unit, for how much."""


@product.command("list")
@click.argument("search", default="")
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@click.pass_obj
def list_products(office: Office, search: str, as_json: bool) -> None:  # noqa: FBT001  click's way
    """List the products; SEARCH: part of a name, pinyin initials, a category, a PLU, a bar code.

    Example: backoffice product list pg
    """
    from backoffice.product_view import product_rows
    from backoffice.reports.render import width

    rows = product_rows(reading(office), now_ms(), search=search)
    if as_json:
        give_json(rows)
        return
    for row in rows:
        name = " ".join(dict.fromkeys((row["name_zh"], row["name_en"]))).strip()
        prices = " ".join(row[n] for n in row if n.startswith("price") and row[n])
        blanks = " " * max(1, 30 - width(name))
        click.echo(f"{row['plu']:>6}  {name}{blanks}{row['base']:6} {prices}  {row['rules']}")
    if not rows:
        say(office._(N_("No product fits.")))


@product.command()
@click.argument("plu", type=int)
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@click.pass_obj
def show(office: Office, plu: int, as_json: bool) -> None:  # noqa: FBT001  click's way
    """Show one product with all that is known of it.

    Example: backoffice product show 1
    """
    from backoffice.product_view import product_rows

    found = [row for row in product_rows(reading(office), now_ms()) if row["plu"] == str(plu)]
    if not found:
        raise Refused("There is no PLU {plu}.", plu=plu)
    if as_json:
        give_json(found[0])
        return
    for name, text in found[0].items():
        click.echo(f"{name:11} {text}")


@product.command("set")
@click.argument("plu", type=int)
@click.argument("fields", nargs=-1, required=True, metavar="FIELD=TEXT...")
@changing
@click.pass_obj
def set_fields(office: Office, /, plu: int, fields: tuple[str, ...], **said: Any) -> None:  # noqa: ANN401  click's way
    """Change a product, or make one: price=, price_1=, name_zh=, name_en=, base=, rules=, ...

    Example: backoffice product set 1 price=7.20 "rules=20% off 2026-12-01..2026-12-02"
    """
    from backoffice.product_view import shop_in
    from backoffice.products import FIELDS

    known = {*FIELDS, *shop_in(reading(office)).price_fields()} - {"plu"}
    row = {"plu": str(plu)}
    for one in fields:
        name, equals, text = one.partition("=")
        if not equals or name not in known:
            raise UsageFault(
                "{one} is not FIELD=TEXT; the fields are {known}.",
                one=repr(one[:40]), known=" ".join(sorted(known)),
            )  # fmt: skip
        row[name] = text
    carry(office, "product.import", {"rows": [row]}, said)


@product.command()
@click.argument("plus", type=int, nargs=-1, required=True, metavar="PLU...")
@changing
@click.pass_obj
def remove(office: Office, /, plus: tuple[int, ...], **said: Any) -> None:  # noqa: ANN401  click's way
    """Take products off the list; what was sold keeps their numbers.

    Example: backoffice product remove 17 18
    """
    carry(office, "product.remove", {"plus": list(plus)}, said)


@product.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--remove-missing", is_flag=True, help="Products that the file does not name go.")
@changing
@click.pass_obj
def import_file(office: Office, /, file: Path, **said: Any) -> None:  # noqa: ANN401  click's way
    """Make the products agree with a CSV or XLSX file, all of it or nothing.

    The first row names the columns, in Chinese or English, as `export` writes them; only PLU must
    be there, and what has no column stays as it is.

    Example: backoffice product import prices.xlsx --dry-run
    """
    from backoffice.price_sheet import sheet_of
    from backoffice.product_view import shop_in
    from backoffice.sheet_files import read_cells

    sheet = sheet_of(_shown(office, read_cells(_bytes_of(file))), shop_in(reading(office)))
    asked = {"rows": sheet.rows, "columns": sheet.columns}
    carry(office, "product.import", {**asked, "removes_others": said["remove_missing"]}, said)


def _bytes_of(file: Path) -> bytes:
    from backoffice.sheet_files import MOST_BYTES

    try:
        if file.stat().st_size > MOST_BYTES:
            raise UsageFault("The file is larger than {most} MiB.", most=MOST_BYTES >> 20)
        return file.read_bytes()
    except OSError as error:
        raise UsageFault(
            "{file} cannot be read ({error}).", file=file, error=error.strerror
        ) from error


def _shown(office: Office, cells: Any) -> Any:  # noqa: ANN401  an iterator, passed through
    """Rows as they come, counted on a terminal where somebody watches."""
    watched = sys.stderr.isatty()
    for number, row in cells:
        if watched and number % 500 == 0:
            click.echo(f"\r{number} {office._(N_('rows read'))}", nl=False, err=True)
        yield number, row
    if watched:
        click.echo("\r\033[K", nl=False, err=True)


@product.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the headings.")
@click.pass_obj
def export(office: Office, file: Path, lang: str | None) -> None:
    """Write all products to a CSV or XLSX file that `import` reads back unchanged.

    Example: backoffice product export prices.xlsx --lang zh
    """
    from backoffice.product_view import exported, product_rows, shop_in

    store = reading(office)
    rows, shop = product_rows(store, now_ms()), shop_in(store)
    made = exported(rows, shop, file.suffix.lower(), lang or office.config.language)
    try:
        file.write_bytes(made)
    except OSError as error:
        raise UsageFault(
            "{file} cannot be written ({error}).", file=file, error=error.strerror
        ) from error
    say(office._(N_("{count} products; {file}")).format(count=len(rows), file=file))


@product.command()
@click.option("--jump", required=True, type=int, help="Percent; shown and asked about. 0 = never.")
@click.option("--second", required=True, type=int, help="Percent; two must agree. 0 = never.")
@click.pass_obj
def limits(office: Office, jump: int, second: int) -> None:
    """Say how far a price may move before it is asked about, and before two must agree.

    Example: backoffice product limits --jump 30 --second 50
    """
    change(office, "price.limits", {"jump": jump, "second": second})
    say(office._(N_("Asked about above {jump} %, two people above {second} %.")).format(
        jump=jump, second=second))  # fmt: skip
