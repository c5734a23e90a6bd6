"""`backoffice apply market.toml`."""

from pathlib import Path

import click

from backoffice.cli.desk import Office, change, say
from backoffice.errors import UsageFault


@click.command()
@click.argument("market", type=click.Path(path_type=Path))
@click.pass_obj
def apply(office: Office, market: Path) -> None:
    """Make the books agree with a market file; the same file again changes nothing.

    Example: backoffice apply market.toml
    """
    from backoffice.organisation import parse_market

    try:
        text = market.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageFault(
            "The market file {market} cannot be read ({error}).", market=market, error=error
        ) from error
    parse_market(text)
    result = change(office, "apply", {"text": text})
    counts = office._(
        "{stores} stores, {terminals} terminals, {products} products, {cashiers} cashiers;"
    )
    news = (
        office._("new price list {list_version}.")
        if result["changed"]
        else office._("price list unchanged, version {list_version}.")
    )
    say(f"{counts} {news}".format(**result))
