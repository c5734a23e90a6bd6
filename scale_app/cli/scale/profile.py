"""`scale-app scale profile`: the settings of one protocol, as commented TOML for till.toml."""

import argparse
import sys

from scale_app.cli.exits import Exit
from scale_app.weighing.catalogue import FAMILIES, BadProfile
from scale_app.weighing.profile_text import profile_text


def run(words: argparse.Namespace) -> Exit:
    """Prints the `[scale]` part.

    Raises:
        BadProfile: unknown protocol.
    """
    family = FAMILIES.get(words.protocol)
    if family is None:
        raise BadProfile(f"no scale protocol '{words.protocol}'; there are: {', '.join(FAMILIES)}")
    sys.stdout.write(profile_text(family))
    return Exit.OK
