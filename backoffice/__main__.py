"""`backoffice`: the composition root of the office's program.

Settings come from `--config` and `--state` or from STEELYARD_OFFICE_CONFIG and
STEELYARD_OFFICE_STATE. Modules of a command are loaded when that command runs.
"""

import sys
from pathlib import Path

import click

from backoffice.cli.broker import broker
from backoffice.cli.card import card
from backoffice.cli.desk import Office, guarded
from backoffice.cli.doctor import doctor
from backoffice.cli.market import apply
from backoffice.cli.report import report
from backoffice.cli.serve import serve
from backoffice.cli.terminal import terminal
from backoffice.cli.watch import alerts, quarantine
from backoffice.config import State, read_config
from backoffice.errors import ConfigFault, Exit


@click.group()
@click.option(
    "--config", "config", type=click.Path(path_type=Path), envvar="STEELYARD_OFFICE_CONFIG",
    help="Settings, office.toml.",
)  # fmt: skip
@click.option(
    "--state", "state", type=click.Path(path_type=Path), envvar="STEELYARD_OFFICE_STATE",
    help="Folder for books, keys and sockets.",
)  # fmt: skip
@click.pass_context
def office(context: click.Context, config: Path | None, state: Path | None) -> None:
    """The back-office of the market: books, tills, cards, reports."""
    if state is None:
        raise ConfigFault("Say where the state folder is: --state DIR or STEELYARD_OFFICE_STATE.")
    context.obj = Office.of(read_config(config), State(state))


for command in (
    alerts,
    apply,
    broker,
    card,
    doctor,
    quarantine,
    report,
    serve,
    terminal,
):
    office.add_command(command)


def _run() -> None:
    try:
        office.main(standalone_mode=False)
    except click.exceptions.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        error.show(sys.stderr)
        sys.exit(Exit.USAGE)


def main() -> None:
    """Entry point of the installed command."""
    sys.exit(guarded(_run))


if __name__ == "__main__":
    main()
