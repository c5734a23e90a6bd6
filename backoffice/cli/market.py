"""`backoffice apply market.toml`."""

from pathlib import Path

import click

from backoffice.cli.desk import Office, change, say
from backoffice.errors import UsageFault


@click.command()
@click.argument("market", type=click.Path(path_type=Path))
@click.pass_obj
def apply(office: Office, market: Path) -> None:
    """Make the books agree with a market file; the same file again changes nothing."""
    from backoffice.organisation import parse_market

    try:
        text = market.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageFault(f"The market file {market} cannot be read ({error}).") from error
    parse_market(text)
    result = change(office, "apply", {"text": text})
    _ = office._
    news = _("new price list") if result["changed"] else _("price list unchanged, version")
    say(
        f"{result['stores']} {_('stores')}, {result['terminals']} {_('terminals')}, "
        f"{result['products']} {_('products')}, {result['cashiers']} {_('cashiers')}; "
        f"{news} {result['list_version']}."
    )
