"""`backoffice units`: the office as services of systemd."""

import shutil
import sys
from pathlib import Path

import click

from backoffice.cli.desk import Office, say
from backoffice.errors import StoreFault, UsageFault


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--config", default="/etc/steelyard/office.toml", show_default=True, help="Settings.")
@click.option(
    "--backups", default="/var/backups/steelyard", show_default=True, help="Their folder."
)
@click.option("--user", default="steelyard", show_default=True, help="Runs as this user.")
@click.option("--web", default="--port 8080", show_default=True, help="Words for backoffice web.")
@click.pass_obj
def units(
    office: Office, /, *, folder: Path, config: str, backups: str, user: str, web: str
) -> None:
    """Write units for systemd into a folder: the office, its pages, deliveries, backups.

    Then: useradd --system steelyard; systemctl daemon-reload; systemctl enable --now the units.

    Example: backoffice units /etc/systemd/system
    """
    from backoffice.units import Place, unit_texts

    program = shutil.which("backoffice") or str(Path(sys.executable).with_name("backoffice"))
    for text in (config, backups, user):
        if any(c.isspace() or c in "%\"'\\;" for c in text) or not text:
            raise UsageFault("{text} cannot stand in a unit.", text=repr(text))
    if "\n" in web:
        raise UsageFault("{text} cannot stand in a unit.", text=repr(web))
    place = Place(program=program, config=config, backups=backups, user=user, web=web)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, unit in unit_texts(place).items():
            (folder / name).write_text(unit, "utf-8")
            say(str(folder / name))
    except OSError as error:
        raise StoreFault("{path} cannot be written ({error}).", path=folder, error=error) from error
    say(office._("Make {path} for backups, writable for {user}.").format(path=backups, user=user))
