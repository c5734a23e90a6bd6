"""`backoffice`: the composition root of the office's program.

Settings come from `--config` and `--state` or from STEELYARD_OFFICE_CONFIG and
STEELYARD_OFFICE_STATE. Modules of a command are loaded when that command runs.
"""

import sys
from pathlib import Path

import click

from backoffice.cli.answers import answer_programs, completion
from backoffice.cli.audit import audit
from backoffice.cli.backup import backup, restore
from backoffice.cli.broker import broker
from backoffice.cli.card import card
from backoffice.cli.cashier import cashier
from backoffice.cli.collect import collect
from backoffice.cli.deliver import deliver, hook, mail
from backoffice.cli.demo_data import demo_data
from backoffice.cli.desk import Office, guarded
from backoffice.cli.doctor import doctor
from backoffice.cli.explore import explore
from backoffice.cli.exposure import exposure
from backoffice.cli.market import apply
from backoffice.cli.mcp import mcp
from backoffice.cli.member import member
from backoffice.cli.places import agent, market, stall, store, tree
from backoffice.cli.prices import prices
from backoffice.cli.product import product
from backoffice.cli.report import report
from backoffice.cli.serve import serve
from backoffice.cli.settlement import reconcile, settlement
from backoffice.cli.stock import stock
from backoffice.cli.terminal import terminal
from backoffice.cli.units import units
from backoffice.cli.user import user
from backoffice.cli.watch import alerts, quarantine
from backoffice.cli.web import web
from backoffice.config import State, read_config
from backoffice.errors import ConfigFault, Exit
from backoffice.words import Translate, translator

_SPEAKING: list[Translate] = [translator("en")]
"""The language to say errors in; the settings' one as soon as they are read."""


NEED_NO_BOOKS = frozenset({"completion", "units"})


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
    settings = read_config(config)
    _SPEAKING.append(translator(settings.language))
    if context.invoked_subcommand in NEED_NO_BOOKS:
        context.obj = Office(settings, State(state or Path()), _SPEAKING[-1])
        return
    if state is None:
        raise ConfigFault("Say where the state folder is: --state DIR or STEELYARD_OFFICE_STATE.")
    context.obj = Office(settings, State(state), _SPEAKING[-1])


for command in (
    agent,
    market,
    stall,
    store,
    tree,
    alerts,
    apply,
    audit,
    backup,
    broker,
    card,
    cashier,
    collect,
    completion,
    demo_data,
    deliver,
    doctor,
    explore,
    exposure,
    hook,
    mail,
    mcp,
    member,
    prices,
    product,
    quarantine,
    reconcile,
    report,
    restore,
    serve,
    settlement,
    stock,
    terminal,
    units,
    user,
    web,
):
    office.add_command(command)

ANSWER_NOTHING = frozenset({"completion", "deliver", "explore", "mcp", "serve", "web"})
"""They run until they are stopped, or print what no program takes for data."""
answer_programs(office, ANSWER_NOTHING)


def _run() -> None:
    try:
        office.main(standalone_mode=False)
    except click.exceptions.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        error.show(sys.stderr)
        sys.exit(Exit.USAGE)


def _words() -> Translate:
    """Words of the settings in force; English when there are none to be read yet."""
    return _SPEAKING[-1]


def main() -> None:
    """Entry point of the installed command."""
    sys.exit(guarded(_run, _words))


if __name__ == "__main__":
    main()
