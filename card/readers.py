"""What differs between readers, as data: key memory, the older authenticate, value commands.

    dialect   increment, decrement                              vendors
    acs       FF D7 00 BLK 05 01|02 value BE                    ACR122U, 1251, 1252, 1281, 1283
    scm       FF F0 00 BLK 06 C1|C0 BLK value LE                Identiv, older
    scm-old   the same with C0 and C1 swapped                   SCM3712, by its manual p. 48
    pcsc      FF C2 00 03 { A0|A1 { 80 01 BLK, 81 04 value LE } }   PC/SC part 3, amendment 1

Two manuals of one vendor contradict each other on which byte increments, so nothing here is
believed: `card.values` probes a dialect and reads back after every operation.
"""

from dataclasses import dataclass
from enum import StrEnum


class Dialect(StrEnum):
    """How a reader is told to change a value block."""

    ACS = "acs"
    SCM = "scm"
    SCM_OLD = "scm-old"
    PCSC = "pcsc"


@dataclass(frozen=True, slots=True)
class ReaderProfile:
    """What differs between readers.

    load_p1: 00 volatile key memory (ACR122U takes no other), 20 non-volatile (OMNIKEY); a reader
        that says it has no such memory is asked for the other.
    slot: key slot to load into.
    old_authenticate: knows FF 88 only; one that answers FF 86 with 6D00 or 6A81 is found out.
    dialects: value commands to try, likeliest first; empty: none.
    """

    load_p1: int = 0x00
    slot: int = 0x00
    old_authenticate: bool = False
    dialects: tuple[Dialect, ...] = ()


NON_VOLATILE = 0x20
GENERIC = ReaderProfile(dialects=(Dialect.ACS, Dialect.PCSC, Dialect.SCM, Dialect.SCM_OLD))
ACR122U = ReaderProfile(dialects=(Dialect.ACS,))
_BY_NAME = (
    ("ACR122", ACR122U),
    ("ACR125", ACR122U),
    ("ACR128", ACR122U),
    ("OMNIKEY", ReaderProfile(load_p1=NON_VOLATILE)),
    ("SCM", ReaderProfile(dialects=(Dialect.SCM_OLD, Dialect.SCM))),
    ("Identiv", ReaderProfile(dialects=(Dialect.PCSC, Dialect.SCM, Dialect.SCM_OLD))),
)


def profile_for(reader_name: str) -> ReaderProfile:
    """The profile for a reader as PC/SC names it; the generic one for a name not known."""
    found = (one for part, one in _BY_NAME if part.lower() in reader_name.lower())
    return next(found, GENERIC)
