"""Composition root of the program on the scale: command line in, doors and core built, exit code.

Everything that a command needs is imported when the command runs: the screen's first frame must
not wait for what only `doctor` uses.
"""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scale_app import __version__
from scale_app.cli import scale
from scale_app.cli.exits import Exit
from scale_app.config import Settings, load
from scale_app.errors import BadSettings, JournalError, StateInUse


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; the exit code is one of `Exit`."""
    words = _parser().parse_args(arguments)
    # Without a till there is no log; what a command has to say it says itself.
    logging.getLogger().addHandler(logging.NullHandler())
    try:
        return _run(words)
    except BadSettings as error:
        return _sorry(str(error), Exit.SETTINGS)
    except StateInUse as error:
        return _sorry(str(error), Exit.IN_USE)
    except JournalError as error:
        return _sorry(f"The journal cannot be used: {error}", Exit.JOURNAL)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED


def _sorry(sentence: str, code: Exit) -> int:
    sys.stderr.write(f"scale-app: {sentence}\n")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scale-app",
        description="The till of a market stall: weighs, prices, reads the card, takes the money.",
        epilog="exit codes: "
        + ", ".join(f"{code.value} {code.name.lower().replace('_', ' ')}" for code in Exit),
    )
    parser.add_argument("--version", action="version", version=f"scale-app {__version__}")
    parser.add_argument(
        "--config", type=Path, default=os.environ.get("STEELYARD_TILL_CONFIG", "till.toml"),
        help="settings of this till (default: till.toml, or STEELYARD_TILL_CONFIG)",
    )  # fmt: skip
    parser.add_argument(
        "--state", type=Path, default=os.environ.get("STEELYARD_TILL_STATE", "state"),
        help="directory of journal, receipts and log (default: state, or STEELYARD_TILL_STATE)",
    )  # fmt: skip
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    commands.add_parser("run", help="the stallholder's screen")
    display = commands.add_parser("display", help="the customer's screen")
    display.add_argument("--feed", type=Path, help="socket of the till (default: the state's)")
    display.add_argument("--language", choices=("en", "zh_CN"), help="default: the till's")
    doctor = commands.add_parser("doctor", help="checks devices, broker, clock, disk, versions")
    doctor.add_argument("--json", action="store_true", help="as data")
    _add_words_beside_a_stopped_till(commands)
    scale.add_words(commands.add_parser("scale", help="the weighing instrument: find, watch, read"))
    return parser


def _add_words_beside_a_stopped_till(commands: "argparse._SubParsersAction[Any]") -> None:
    shift = commands.add_parser("shift", help="totals of the open shift, while no till runs")
    shift.add_argument("kind", choices=("x", "z"), help="x shows, z closes the shift")
    shift.add_argument("--json", action="store_true", help="as data, sums in fen")
    receipts = commands.add_parser("receipts", help="the last receipts, while no till runs")
    receipts.add_argument("--last", type=int, default=10, metavar="N", help="how many (10)")
    receipts.add_argument("--json", action="store_true", help="as data, sums in fen")
    card = commands.add_parser("card", help="what became of a card that was pulled")
    card.add_argument("kind", choices=("recover",), help="asks it, while no till runs")
    card.add_argument("--wait", type=float, default=30.0, metavar="S", help="seconds (30)")
    card.add_argument("--json", action="store_true", help="as data, sums in fen")


def _run(words: argparse.Namespace) -> int:
    if words.command == "display":
        return _display(words)
    if words.command == "scale":
        return scale.run(words)
    settings = load(Path(words.config), Path(words.state))
    if words.command == "run":
        return _till(settings)
    if words.command == "doctor":
        from scale_app.cli.doctor import doctor  # noqa: PLC0415  only this command needs it

        return doctor(settings, as_json=words.json)
    if words.command == "card":
        from scale_app.cli import card  # noqa: PLC0415  brings the journal

        return card.recover(settings, words)
    from scale_app.cli import books  # noqa: PLC0415  only these commands need it

    command = books.shift if words.command == "shift" else books.receipts
    return command(settings, words)


def _display(words: argparse.Namespace) -> int:
    from scale_app import customer  # noqa: PLC0415  brings Textual

    if words.feed is not None:
        customer.run(words.feed, words.language or "en")
        return Exit.OK
    settings = load(Path(words.config), Path(words.state))
    customer.run(settings.feed, words.language or settings.till.language)
    return Exit.OK


def _till(settings: Settings) -> int:
    from scale_app.cli.lock import state_lock  # noqa: PLC0415
    from scale_app.cli.logs import log_to  # noqa: PLC0415
    from scale_app.terminal.till import Till  # noqa: PLC0415
    from scale_app.tui import app  # noqa: PLC0415  brings Textual

    with state_lock(settings.state_directory):
        log_to(settings.state_directory, traces_cards=settings.reader.trace)
        app.run(Till(settings), settings)
    return Exit.OK


if __name__ == "__main__":
    raise SystemExit(main())
