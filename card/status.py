"""Every SW1SW2 that readers and cards answer with: its name, and the error it becomes.

Sources: ISO 7816-4 table 5 and 6; ACS manuals ACR122U, ACR1281U-C1 p. 65-67 (6300 for every
failure); Identiv SCM3712 p. 41-48 (6982, 6400).
"""

from dataclasses import dataclass
from enum import Enum

from card.errors import CardError, CardRefused

OK = 0x9000
OPERATION_FAILED = 0x6300
SECURITY = 0x6982
NOT_SUPPORTED = frozenset((0x6A81, 0x6D00, 0x6E00))


class Meaning(Enum):
    """What a status asks the conversation to do next."""

    DONE = "done"
    MORE = "more"
    WRONG_LENGTH = "wrong length"
    FAILED = "failed"
    DENIED = "denied"
    MEMORY = "memory"
    UNSUPPORTED = "unsupported"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Status:
    """One status: its number, its name in the standard, and what it asks for."""

    sw: int
    name: str
    meaning: Meaning


_TABLE = (
    Status(0x9000, "ok", Meaning.DONE),
    Status(0x6300, "operation failed", Meaning.FAILED),
    Status(0x6400, "memory unchanged", Meaning.FAILED),
    Status(0x6581, "memory failure", Meaning.MEMORY),
    Status(0x6700, "wrong length", Meaning.COMMAND),
    Status(0x6901, "wrong state", Meaning.COMMAND),
    Status(0x6981, "wrong file type", Meaning.COMMAND),
    Status(0x6982, "security status not satisfied", Meaning.DENIED),
    Status(0x6983, "authentication blocked", Meaning.DENIED),
    Status(0x6985, "conditions not satisfied", Meaning.DENIED),
    Status(0x6986, "no current file", Meaning.COMMAND),
    Status(0x6A80, "wrong data field", Meaning.COMMAND),
    Status(0x6A81, "function not supported", Meaning.UNSUPPORTED),
    Status(0x6A82, "not found", Meaning.COMMAND),
    Status(0x6A86, "wrong P1 P2", Meaning.COMMAND),
    Status(0x6B00, "wrong address", Meaning.COMMAND),
    Status(0x6D00, "instruction not supported", Meaning.UNSUPPORTED),
    Status(0x6E00, "class not supported", Meaning.UNSUPPORTED),
    Status(0x6F00, "no precise diagnosis", Meaning.FAILED),
)
_BY_SW = {status.sw: status for status in _TABLE}


def look_up(sw: int) -> Status:
    """The status for `sw`; 61xx and 6Cxx by family, an unlisted one as failed."""
    if sw >> 8 == 0x61:
        return Status(sw, "more data", Meaning.MORE)
    if sw >> 8 == 0x6C:
        return Status(sw, "wrong Le", Meaning.WRONG_LENGTH)
    return _BY_SW.get(sw) or Status(sw, "unlisted", Meaning.FAILED)


def is_refusal_of_key(sw: int) -> bool:
    """True for the answers that mean "wrong key, denied, or the card moved"."""
    return look_up(sw).meaning in (Meaning.FAILED, Meaning.DENIED)


def error_for(sw: int) -> CardError:
    """The error that an unexpected `sw` becomes; it names the status."""
    return CardRefused(sw)
