"""Exit codes of `scale-app`, all of them: the same set as `./steelyard` and `backoffice`."""

from enum import IntEnum


class Exit(IntEnum):
    """What the shell is told."""

    OK = 0
    FAULTS = 1
    """`doctor` found something that does not work."""
    USAGE = 2
    """Wrong words on the command line (argparse)."""
    JOURNAL = 69
    """The journal is full, broken or newer than this program."""
    IN_USE = 75
    """Another program runs on this state directory."""
    SETTINGS = 78
    """till.toml or the enrolment cannot be used."""
    INTERRUPTED = 130
    """Stopped with Ctrl-C."""
