"""What can go wrong in the back-office, and the exit codes of its commands.

    OfficeError           a sentence for the person at the desk, and an exit code
    +-- UsageFault        the command or a file it names is wrong
    +-- ConfigFault       a setting is missing or wrong
    +-- Busy              somebody else holds the books; try again
    +-- Unavailable       a broker, a reader or a key token is not there
    |   +-- CardPulled    the card was taken away while it was written
    +-- StoreFault        the books cannot be read or written (disk full, damaged, too new)
    |   +-- OlderBooks    written by an older version; a writer brings them up to date
    +-- Refused           the books say no (unknown card, card already blocked, ...)

Exit codes are those of sysexits.h where it has one.
"""

from collections.abc import Callable
from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of `backoffice`."""

    OK = 0
    DIFFERENCE = 1
    """A check found a difference, or the books refused."""
    USAGE = 2
    UNAVAILABLE = 69
    BUSY = 75
    CONFIG = 78
    INTERRUPTED = 130


class OfficeError(Exception):
    """Root of this tree; the text says what happened and what to do.

    Args:
        sentence: an English msgid with names in braces.
        params: values for the names, so that a catalogue can say it in another language.
    """

    exit_code = Exit.DIFFERENCE

    def __init__(self, sentence: str, /, **params: object) -> None:
        super().__init__(sentence.format(**params) if params else sentence)
        self.sentence = sentence
        self.params = {
            name: value if isinstance(value, int) else str(value) for name, value in params.items()
        }

    def told(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language of `translate`."""
        words = translate(self.sentence)
        return words.format(**self.params) if self.params else words


class UsageFault(OfficeError):
    """The command line, or a file named there, cannot be used."""

    exit_code = Exit.USAGE


class ConfigFault(OfficeError):
    """A setting is missing or wrong."""

    exit_code = Exit.CONFIG


class Busy(OfficeError):
    """Another program holds the books at this moment."""

    exit_code = Exit.BUSY


class Unavailable(OfficeError):
    """Something outside (broker, reader, key token) is not there."""

    exit_code = Exit.UNAVAILABLE


class CardPulled(Unavailable):
    """The card was taken away too early; put back, it is finished."""


class StoreFault(OfficeError):
    """The books cannot be read or written."""

    exit_code = Exit.UNAVAILABLE


class OlderBooks(StoreFault):
    """The books have to be brought up to date by a writer first."""


class Refused(OfficeError):
    """The books say no; nothing was changed."""
