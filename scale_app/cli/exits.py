"""Exit codes of `scale-app`, all of them."""

from enum import IntEnum


class Exit(IntEnum):
    """What the shell is told."""

    OK = 0
    FAULTS = 1
    """`doctor` found something that does not work."""
    USAGE = 2
    """Wrong words on the command line (argparse)."""
    SETTINGS = 3
    """till.toml or the enrolment cannot be used."""
    IN_USE = 4
    """Another program runs on this state directory."""
    JOURNAL = 5
    """The journal is full, broken or newer than this program."""
