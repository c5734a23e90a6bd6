"""Commands about the weighing instrument: `scale-app scale ...`; none needs a till's settings.

This module knows the words of the command line and loads a command's module when it runs.
"""

import argparse
import importlib
import sys
from typing import Any, Final

from scale_app.cli.exits import Exit

_MODULES: Final = {
    "decode": "scale_app.cli.scale.decode",
    "protocols": "scale_app.cli.scale.protocols",
    "profile": "scale_app.cli.scale.profile",
    "watch": "scale_app.cli.scale.watch",
    "capture": "scale_app.cli.scale.capture",
    "detect": "scale_app.cli.scale.detect",
    "check": "scale_app.cli.scale.check",
}


class WrongUsage(Exception):
    """The words of the command line do not fit; `args[0]` says how."""


class _ProfileWords(argparse.ArgumentParser):
    """Reads `--profile=K=V` as `--profile K=V`, so that a FILE may follow either."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:  # noqa: ANN401 -- argparse's own overloads
        """As argparse does, which hands a sub-command its words here."""
        head = "--profile="
        words = [
            part
            for word in args or ()
            for part in (
                ["--profile", word.removeprefix(head)] if word.startswith(head) else [word]
            )
        ]
        return super().parse_known_args(words, namespace)


def add_words(parser: argparse.ArgumentParser) -> None:
    """Adds the sub-commands to the parser of `scale-app scale`."""
    commands = parser.add_subparsers(
        dest="scale_command", required=True, metavar="command", parser_class=_ProfileWords
    )
    decode = commands.add_parser(
        "decode",
        help="what bytes of a scale mean, one JSON object a line",
        description="Prints what the bytes of a scale mean: one JSON object a line.",
        epilog="FILE holds raw bytes, bytes in hex, or a capture (lines of 'R 02 30 ..', each one "
        "read); which of them is seen from its content.",
    )
    decode.add_argument("protocol", metavar="PROTOCOL", help="see: scale-app scale protocols")
    decode.add_argument(
        "file", nargs="?", metavar="FILE", help="raw bytes, hex or a capture; - = stdin"
    )
    decode.add_argument("--hex", help="the bytes in hex; '|' separates reads")
    _add_profile(decode)
    protocols = commands.add_parser("protocols", help="the protocols, their lines and their keys")
    protocols.add_argument("--json", action="store_true", help="as data")
    profile = commands.add_parser("profile", help="the settings of a protocol, as commented TOML")
    profile.add_argument("protocol", metavar="PROTOCOL")
    _add_watch(commands.add_parser("watch", help="what the scale says now, until Ctrl-C"))
    _add_capture(commands.add_parser("capture", help="all bytes of a scale into a file"))
    _add_check(commands.add_parser("check", help="does the scale read a known weight right"))
    _add_detect(commands.add_parser("detect", help="finds out which protocol a scale speaks"))


def _add_port(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", required=True, help="path, socket://.. or rfc2217://..")


def _add_watch(parser: argparse.ArgumentParser) -> None:
    _add_port(parser)
    parser.add_argument("--protocol", required=True, help="see: scale-app scale protocols")
    _add_profile(parser)
    parser.add_argument("--json", action="store_true", help="one object a line")
    parser.add_argument("--seconds", type=float, help="how long (until Ctrl-C)")


def _add_capture(parser: argparse.ArgumentParser) -> None:
    _add_port(parser)
    parser.add_argument("--line", default="9600 8N1", help="speed and bits (9600 8N1)")
    parser.add_argument("--out", required=True, metavar="FILE", help="a new file")
    parser.add_argument("--ask", metavar="HEX", help="bytes to send again and again")
    parser.add_argument("--every", type=float, default=0.5, help="seconds between (0.5)")
    parser.add_argument("--seconds", type=float, help="how long (until Ctrl-C)")


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Put a known weight on the pan: says what the scale reads, how far off that is, and how far"
        " off a class III scale in service may be. Exit 1 when it is further off."
    )
    _add_port(parser)
    parser.add_argument("--protocol", required=True, help="see: scale-app scale protocols")
    _add_profile(parser)
    parser.add_argument("--weight", required=True, metavar="KG", help="the known weight")
    parser.add_argument("--e-g", type=int, default=5, metavar="G", help="e on the plate (5)")
    parser.add_argument("--max-g", type=int, default=15000, metavar="G", help="Max (15000)")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long to wait (20)")


def _add_detect(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Listens at the usual speeds; asks a silent line harmlessly (never to tare, zero, clear or "
        "print); then a known weight on the pan decides. Prints the [scale] part of till.toml."
    )
    _add_port(parser)
    parser.add_argument("--line", help="only at this speed, such as '9600 8N1'")
    parser.add_argument("--weight", metavar="KG", help="the known weight that is on the pan")
    parser.add_argument("--write", metavar="TILL.TOML", help="add the part to this file")


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
    from scale_app.weighing.faults import LineFault  # noqa: PLC0415

    module = importlib.import_module(_MODULES[words.scale_command])
    try:
        code: int = module.run(words)
    except (WrongUsage, BadProfile) as error:
        sys.stderr.write(f"scale-app: {error}\n")
        return Exit.USAGE
    except LineFault as error:
        sys.stderr.write(f"scale-app: {error}\n")
        return Exit.FAULTS
    return code
