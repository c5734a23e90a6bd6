"""Every SW1SW2 that readers and cards answer with: its name, and the error it becomes.

`purse_error_for` is for processor cards, where the same number can mean something else than from
a reader (6A81: card or application blocked).

Sources: ISO 7816-4 table 5 and 6; FMCOS2.0 general manual 6.2 and its commands' tables; ACS
manuals ACR122U, ACR1281U-C1 p. 65-67 (6300 for every
failure); Identiv SCM3712 p. 41-48 (6982, 6400).
"""

from dataclasses import dataclass
from enum import Enum

from card.errors import CardBlocked, CardError, CardRefused, InsufficientBalance, PinWrong

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
    DOUBTFUL = "doubtful"
    SEALING = "sealing"
    BALANCE = "balance"
    BLOCKED = "blocked"
    WORN_OUT = "worn out"
    NO_PROOF = "no proof"


@dataclass(frozen=True, slots=True)
class Status:
    """One status: its number, its name in the standard, and what it asks for."""

    sw: int
    name: str
    meaning: Meaning


_TABLE = (
    Status(0x9000, "ok", Meaning.DONE),
    Status(0x6281, "part of the answer may be wrong", Meaning.DOUBTFUL),
    Status(0x6282, "shorter than asked for", Meaning.DOUBTFUL),
    Status(0x6283, "file invalid", Meaning.DOUBTFUL),
    Status(0x6284, "file control information not as it should be", Meaning.DOUBTFUL),
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
    Status(0x6987, "secure messaging missing", Meaning.SEALING),
    Status(0x6988, "secure messaging wrong", Meaning.SEALING),
    Status(0x6A80, "wrong data field", Meaning.COMMAND),
    Status(0x6A81, "function not supported", Meaning.UNSUPPORTED),
    Status(0x6A82, "not found", Meaning.COMMAND),
    Status(0x6A83, "record not found", Meaning.COMMAND),
    Status(0x6A84, "no room in the file", Meaning.COMMAND),
    Status(0x6A86, "wrong P1 P2", Meaning.COMMAND),
    Status(0x6A88, "key not found", Meaning.COMMAND),
    Status(0x6B00, "wrong address", Meaning.COMMAND),
    Status(0x6D00, "instruction not supported", Meaning.UNSUPPORTED),
    Status(0x6E00, "class not supported", Meaning.UNSUPPORTED),
    Status(0x6F00, "no precise diagnosis", Meaning.FAILED),
    Status(0x9301, "insufficient balance", Meaning.BALANCE),
    Status(0x9302, "MAC wrong", Meaning.SEALING),
    Status(0x9303, "application permanently locked", Meaning.BLOCKED),
    Status(0x9401, "insufficient balance", Meaning.BALANCE),
    Status(0x9402, "transaction counter used up", Meaning.WORN_OUT),
    Status(0x9403, "key index unknown", Meaning.COMMAND),
    Status(0x9406, "proof not available", Meaning.NO_PROOF),
)
PURSE_BLOCKED = frozenset((0x6983, 0x6A81, 0x9303))
"""From a processor card: key or PIN blocked, card or application blocked, locked for ever."""
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


def tries_left(sw: int) -> int | None:
    """How many tries a 63Cx leaves; None for any other status."""
    return sw & 0x0F if sw & 0xFFF0 == 0x63C0 else None


def purse_error_for(sw: int) -> CardError:
    """The error that an unexpected status of a processor card becomes."""
    tries = tries_left(sw)
    if tries is not None:
        return PinWrong(tries)
    if sw in PURSE_BLOCKED:
        return CardBlocked(sw)
    if look_up(sw).meaning is Meaning.BALANCE:
        return InsufficientBalance()
    return error_for(sw)
