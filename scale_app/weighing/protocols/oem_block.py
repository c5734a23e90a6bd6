"""The block of Chinese counter scales, also sold as CAS type 6: ENQ, ACK, DC1, then 13 to 16 bytes.

`SOH STX STA SIGN weight(5-7) unit(1-2) BCC ETX EOT`

| field  | values                                                                            |
|--------|-----------------------------------------------------------------------------------|
| STA    | `S` stable, `U` unstable, `F` abnormal                                            |
| SIGN   | space or `+`, `-`, `F` out of range                                               |
| weight | digits, point, spaces in front; all `F` out of range                              |
| unit   | `kg` `g` `lb`, `SJ` jin, `TJ` and `TL` catty and tael of Taiwan; any case         |
| BCC    | exclusive or of STA to unit (`bcc=stx-unit`: STX too; `none`: unchecked or absent) |

BCC may be any byte, 03h and 04h included, so ETX and EOT count only at a whole block's end.
Facts: Gram ZFOC manual pp. 30, 42; CAS PD-II manual p. 23; CAS SW-II manual p. 15; the exclusive
or from STA is printed there and holds for bytes captured from an M-ER 328AC; seven characters of
weight in R-Keeper's list of scale drivers.
"""

import re
from collections.abc import Callable
from functools import reduce
from operator import xor
from typing import Final

from scale_app.weighing.protocols.family import Family, Keys, Line, StableBy
from scale_app.weighing.protocols.framing import WAIT, Decoder, Step, damaged, number
from scale_app.weighing.reading import Fault, Reading

_ACK, _DC1 = b"\x06", b"\x11"
_HEAD: Final = b"\x01\x02"
_TAIL: Final = b"\x03\x04"
_SHORTEST, _LONGEST = 13, 16
_START = re.compile(rb"[\x01\x06]")
_FIELDS = re.compile(
    rb"(?P<sta>[SUF])(?P<sign>[ +\-F])(?P<weight>[0-9. F]{5,7})"
    rb"(?P<unit>[A-Za-z]{1,2}|[A-Za-z] | [A-Za-z])"
)
_UNITS: Final = {b"kg": "kg", b"g": "g", b"lb": "lb", b"sj": "sj", b"tj": "tj", b"tl": "tl"}


def _rule(keys: Keys) -> Callable[[bytes, int], Step]:
    bcc = keys["bcc"]

    def rule(text: bytes, at: int) -> Step:
        start = _START.search(text, at)
        if start is None or start.start() > at:
            return Step((start.start() if start else len(text)) - at)
        if text[at : at + 1] == _ACK:
            return Step(1, reply=_DC1)
        if text[at + 1 : at + 2] not in (b"", _HEAD[1:]):
            return Step(1)
        return _framed(text[at : at + _LONGEST], bcc)

    return rule


def _framed(window: bytes, bcc: str) -> Step:
    """A block from its SOH on, or what came of it."""
    end = _end(window, _SHORTEST - (bcc == "none"))
    again = window.find(_HEAD, 2)
    if again > 0 and (not end or again < end):
        return damaged(window[:again], Fault.INCOMPLETE)
    if end:
        return _block(window[:end], bcc)
    overlong = Step(2, Reading(fault=Fault.BAD_FRAME, raw=window))
    return overlong if len(window) == _LONGEST else WAIT


def _end(window: bytes, shortest: int) -> int:
    """Where the block ends; 0 when it does not end in this window."""
    tail = window.find(_TAIL, shortest - len(_TAIL))
    return tail + len(_TAIL) if tail > 0 else 0


def _block(raw: bytes, bcc: str) -> Step:
    body = raw[2:-3]
    if bcc == "none":
        # Some send the byte and count it their own way, some leave it out.
        reading = _reading(raw[2:-2], raw) or _reading(body, raw)
    elif raw[-3] == reduce(xor, body, _HEAD[1] if bcc == "stx-unit" else 0):
        reading = _reading(body, raw)
    else:
        return damaged(raw, Fault.BAD_CHECKSUM)
    return damaged(raw) if reading is None else Step(len(raw), reading)


def _reading(body: bytes, raw: bytes) -> Reading | None:
    """The reading of STA to unit; nothing when a field is none."""
    found = _FIELDS.fullmatch(body)
    unit = _UNITS.get(found["unit"].strip().lower()) if found else None
    if found is None or unit is None:
        return None
    figures = found["weight"]
    if found["sign"] == b"F" or (b"F" in figures and not figures.strip(b"F. ")):
        fault = Fault.UNDERLOAD if found["sign"] == b"-" else Fault.OVERLOAD
        return Reading(fault=fault, unit=unit, raw=raw)
    weight = number(figures)
    if weight is None:
        return None
    if found["sta"] == b"F":
        return Reading(fault=Fault.DEVICE_FAULT, unit=unit, note="weight is abnormal", raw=raw)
    minus = found["sign"] == b"-" and weight
    return Reading(
        weight=-weight if minus else weight, unit=unit, stable=found["sta"] == b"S", raw=raw
    )


def _make(keys: Keys) -> Decoder:
    return Decoder(_rule(keys))


def _stable_by(keys: Keys) -> StableBy:
    return StableBy.FLAG_TWICE if keys["bcc"] == "none" else StableBy.FLAG


FAMILY: Final = Family(
    name="oem-block",
    title="Counter scales' block after ENQ, ACK, DC1 (CAS type 6)",
    make=_make,
    stable_by=_stable_by,
    keys={"bcc": ("sta-unit", "stx-unit", "none")},
    line=Line(9600, 8, "N"),
    longest=_LONGEST,
    poll=b"\x05",
    checksum="exclusive or, one byte",
)
