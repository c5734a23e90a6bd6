"""CAS PD-II type 0 and 1, and Ohaus' dialect of it: ENQ, ACK, DC2 (Ohaus: DC1), then a block.

`STX ID W5 W4 W3 W2 W1 BCC ETX`: nine bytes, weight in thousandths, sent only while stable. BCC is
the exclusive or of ID to W1. The Ohaus dialect sends the block twice and wants CR when both agree.
NAK: no weight now; in the Ohaus dialect NUL (no data) and CAN (ask again) say the same. The unit is
in no frame: the profile says it.
Facts: CAS PD-II manual pp. 19-20; Ohaus Aviator 7000 service manual p. 38. The coverage of BCC is
not printed there; `bcc=stx-weight` counts STX, too.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import reduce
from operator import xor
from typing import Final

from scale_app.weighing.protocols.family import Family, Keys, Line, StableBy
from scale_app.weighing.protocols.framing import WAIT, Decoder, Step, damaged
from scale_app.weighing.reading import Fault, Reading

_STX, _ETX = 0x02, 0x03
_LENGTH = 9
_START: Final = {
    "cas": re.compile(rb"[\x02\x06\x15]"),
    "ohaus": re.compile(rb"[\x02\x06\x15\x18\x00]"),
}
_REFUSALS: Final = {b"\x15": "NAK", b"\x18": "ask again", b"\x00": "no data"}
_REQUEST: Final = {"cas": b"\x12", "ohaus": b"\x11"}
_CONFIRMED, _NOT_CONFIRMED = b"\r", b"\x06"


def _rule(keys: Keys) -> Callable[[bytes, int], Step]:
    request = _REQUEST[keys["dialect"]]
    begin = _START[keys["dialect"]]
    twice = keys["dialect"] == "ohaus"
    length = 2 * _LENGTH if twice else _LENGTH

    def rule(text: bytes, at: int) -> Step:
        start = begin.search(text, at)
        if start is None or start.start() > at:
            return Step((start.start() if start else len(text)) - at)
        if text[at] != _STX:
            return _answer(text[at : at + 1], request)
        return _framed(text[at : at + length], keys, twice=twice)

    return rule


def _framed(raw: bytes, keys: Keys, *, twice: bool) -> Step:
    """A block from its STX on, sent twice in the Ohaus dialect."""
    first = raw[:_LENGTH]
    again = first.find(b"\x02", 1, 7)
    if again > 0:
        return damaged(first[:again], Fault.INCOMPLETE)
    if len(first) == _LENGTH and first[-1] != _ETX:
        return Step(1, Reading(fault=Fault.BAD_FRAME, raw=first))
    if len(raw) < (2 * _LENGTH if twice else _LENGTH):
        return WAIT
    if twice and raw[_LENGTH:] != first:
        return Step(_LENGTH, Reading(fault=Fault.BAD_FRAME, raw=first), _NOT_CONFIRMED)
    return _block(raw, keys, _CONFIRMED if twice else b"")


def _answer(byte: bytes, request: bytes) -> Step:
    if byte == b"\x06":
        return Step(1, reply=request)
    return Step(1, Reading(fault=Fault.NOT_READY, note=_REFUSALS[byte], raw=byte))


def _block(raw: bytes, keys: Keys, reply: bytes) -> Step:
    covered = raw[1 : _LENGTH - 2]
    start = _STX if keys["bcc"] == "stx-weight" else 0
    if keys["bcc"] != "none" and reduce(xor, covered, start) != raw[_LENGTH - 2]:
        return damaged(raw, Fault.BAD_CHECKSUM)
    digits = covered[1:].lstrip(b" ")
    if not digits.isdigit():
        return damaged(raw)
    weight = Decimal((0, tuple(byte - 0x30 for byte in digits), -3))
    return Step(len(raw), Reading(weight=weight, unit=keys["unit"], stable=True, raw=raw), reply)


def _make(keys: Keys) -> Decoder:
    return Decoder(_rule(keys))


def _stable_by(_keys: Keys) -> StableBy:
    # What BCC covers was never printed: two equal readings besides.
    return StableBy.FLAG_TWICE


FAMILY: Final = Family(
    name="cas-pd2",
    title="CAS PD-II type 0/1, Ohaus dialect",
    make=_make,
    stable_by=_stable_by,
    keys={
        "dialect": ("cas", "ohaus"),
        "bcc": ("id-weight", "stx-weight", "none"),
        "unit": ("kg", "lb"),
    },
    line=Line(9600, 8, "N"),
    longest=2 * _LENGTH,
    poll=b"\x05",
    checksum="exclusive or, one byte",
)
