"""Commands about the weighing instrument: `scale-app scale ...`; none needs a till's settings.

This module knows the words of the command line and loads a command's module when it runs.
"""

import argparse
import importlib
import sys
from typing import Final

from scale_app.cli.exits import Exit

_MODULES: Final = {
    "decode": "scale_app.cli.scale.decode",
    "protocols": "scale_app.cli.scale.protocols",
}


class WrongUsage(Exception):
    """The words of the command line do not fit; `args[0]` says how."""


def add_words(parser: argparse.ArgumentParser) -> None:
    """Adds the sub-commands to the parser of `scale-app scale`."""
    commands = parser.add_subparsers(dest="scale_command", required=True, metavar="command")
    decode = commands.add_parser(
        "decode",
        help="what bytes of a scale mean, one JSON object a line",
        description="Prints what the bytes of a scale mean: one JSON object a line.",
        epilog="FILE holds raw bytes, or a capture (lines of 'R 02 30 ..', each one read); which "
        "of the two is seen from its content.",
    )
    decode.add_argument("protocol", metavar="PROTOCOL", help="see: scale-app scale protocols")
    decode.add_argument("file", nargs="?", metavar="FILE", help="raw bytes or a capture; - = stdin")
    decode.add_argument("--hex", help="the bytes in hex; '|' separates reads")
    _add_profile(decode)
    protocols = commands.add_parser("protocols", help="the protocols, their lines and their keys")
    protocols.add_argument("--json", action="store_true", help="as data")


def _add_profile(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--profile", nargs="+", action="extend", default=[], metavar="KEY=VALUE",
        help="keys of the protocol, and line='9600 8N1'",
    )  # fmt: skip


def settings_of(pairs: list[str]) -> dict[str, str]:
    """`["form=10"]` as a mapping.

    Raises:
        WrongUsage: a word without `=`.
    """
    for pair in pairs:
        if "=" not in pair:
            raise WrongUsage(f"'{pair}': write a profile key as KEY=VALUE")
    return dict(pair.split("=", 1) for pair in pairs)


def run(words: argparse.Namespace) -> int:
    """Runs the chosen command; wrong usage is a sentence on stderr and exit code 2."""
    from scale_app.weighing.catalogue import BadProfile  # noqa: PLC0415  brings every protocol

    module = importlib.import_module(_MODULES[words.scale_command])
    try:
        code: int = module.run(words)
    except (WrongUsage, BadProfile) as error:
        sys.stderr.write(f"scale-app: {error}\n")
        return Exit.USAGE
    return code
