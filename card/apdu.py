"""Command and response APDUs (ISO 7816-4, short form): build, take apart, print as hex.

Knows no card and no command by name. `shown` is what may go into a log: the data of commands
that carry keys is replaced by dots.
"""

from dataclasses import dataclass

from card.errors import BadAnswer

LOAD_KEY_INS = 0x82
"""PC/SC part 3, LOAD KEYS: its data field is a key and never goes into a log."""

UPDATE_INS = 0xD6
"""PC/SC part 3, UPDATE BINARY: the last block of a sector holds keys."""

SECRET_INS = frozenset((0x20, 0x24, 0x5E, 0xD4))
"""VERIFY, PIN UNBLOCK, PIN CHANGE and RELOAD, WRITE KEY: their data is a PIN or a key."""


TRACE_LEVEL = 5
"""Logging level of the APDU trace, below DEBUG, so that nobody meets it by chance."""
TRACE_NAME = "card.apdu"
"""Name of the logger that the trace goes to."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command: header, data field, and the length asked for (None: none asked)."""

    cla: int
    ins: int
    p1: int
    p2: int
    body: bytes = b""
    le: int | None = None

    def __bytes__(self) -> bytes:
        """The command as sent: CLA INS P1 P2 [Lc body] [Le]; Le 256 is sent as 00."""
        head = bytes((self.cla, self.ins, self.p1, self.p2))
        lc = bytes((len(self.body),)) if self.body else b""
        le = b"" if self.le is None else bytes((self.le & 0xFF,))
        return head + lc + self.body + le


def parse(raw: bytes) -> Command:
    """The command in `raw`.

    Raises:
        BadAnswer: the length fields and the length differ (ISO 7816-4, 5.1, cases 1 to 4).
    """
    if len(raw) < 4:
        raise BadAnswer(length=len(raw))
    cla, ins, p1, p2 = raw[:4]
    rest = raw[4:]
    if len(rest) <= 1:
        return Command(cla, ins, p1, p2, le=(rest[0] or 256) if rest else None)
    lc = rest[0]
    body, tail = rest[1 : 1 + lc], rest[1 + lc :]
    if lc == 0 or len(body) != lc or len(tail) > 1:
        raise BadAnswer(length=len(raw))
    return Command(cla, ins, p1, p2, body, (tail[0] or 256) if tail else None)


def split_answer(raw: bytes) -> tuple[bytes, int]:
    """Data field and SW1SW2 of an answer.

    Raises:
        BadAnswer: fewer than the two status bytes.
    """
    if len(raw) < 2:
        raise BadAnswer(length=len(raw))
    return raw[:-2], int.from_bytes(raw[-2:])


def for_t0(raw: bytes) -> bytes:
    """The command as T=0 wants it: with data it has no Le; the answer waits behind 61xx.

    A bare header gets the 00 that stands for no data (ISO 7816-3, 12.2.2 and 12.2.5).
    """
    if len(raw) == 4:
        return raw + b"\x00"
    has_le = len(raw) > 5 and len(raw) == 6 + raw[4]
    return raw[:-1] if has_le else raw


def as_hex(raw: bytes) -> str:
    """Upper-case hex pairs with spaces, the way manuals print APDUs."""
    return raw.hex(" ").upper()


def shown(raw: bytes) -> str:
    """A command as it may be logged: keys and PINs are masked, whatever the class byte."""
    writes_trailer = len(raw) > 3 and raw[1] == UPDATE_INS and raw[3] % 4 == 3
    is_readers = len(raw) > 5 and raw[0] == 0xFF
    if is_readers and (raw[1] == LOAD_KEY_INS or writes_trailer):
        return _masked(raw)
    if len(raw) > 5 and raw[0] != 0xFF and raw[1] in SECRET_INS:
        return _masked(raw)
    return as_hex(raw)


def _masked(raw: bytes) -> str:
    return as_hex(raw[:5]) + " .." * (len(raw) - 5)
