"""Yaohua XK3190-A12 text lines: `ww001.235kg`, and the -A12(E) form with a checksum.

| form   | layout                                                                             |
|--------|------------------------------------------------------------------------------------|
| A12    | `w` kind figure(7, or minus and 7; by profile 8) unit(2) [CR LF]                    |
| A12(E) | `W` kind figure(7) unit(2) check(2) CR LF; 9 spaces `OL` or `LO` check(2) CR LF      |

kind: `w` or `G` gross, `n` or `N` net, `t` the tare itself. Figure: point included; a minus takes
the first place; without a point the last place is a space. check: exclusive or of all before it, in
hex. `OL` over Max + 9 e, `LO` under -20 d. No form tells whether the pan is at rest.
Facts: MCUSH's class for the A12 (serial data demo); XK3190-A12(E) manual p. 12; tests of a public
weighing program for the figure of 8.
"""

import re
from decimal import Decimal
from functools import partial, reduce
from operator import xor
from typing import Final

from scale_app.weighing.protocols.family import Family, Keys, Line, StableBy
from scale_app.weighing.protocols.framing import WAIT, Decoder, Step, damaged, number
from scale_app.weighing.reading import Fault, Mode, Reading, TareKind

_LONGEST = 15
_OUT_OF_RANGE = b" " * 9
_HEAD = re.compile(rb"w[wnt]|W[GNT]| {9}(?:OL|LO)")
_HEAD_OR_ITS_START = re.compile(rb"w[wnt]|W[GNT]| {9}(?:OL|LO)|(?:[wW]| {9}[OL]| {1,9})\Z")
_PLAIN: Final = {
    "7": re.compile(rb"w([wnt])(-?[0-9. ]{7}|-[0-9. ]{6})(kg|lb|KG|LB)"),
    "8": re.compile(rb"w([wnt])(-[0-9. ]{7}|[0-9. ]{8})(kg|lb|KG|LB)"),
}
_CHECKED = re.compile(rb"W([GNT])(-[0-9. ]{6}|[0-9. ]{7})(kg|lb|KG|LB)")
_NO_PLAIN = re.compile(rb"[^0-9. \-kKgGlLbBwWntNTO]")
_KINDS: Final = {
    b"w": Mode.GROSS,
    b"G": Mode.GROSS,
    b"n": Mode.NET,
    b"N": Mode.NET,
}


def _rule(plain: re.Pattern[bytes], text: bytes, at: int) -> Step:
    head = _HEAD_OR_ITS_START.search(text, at)
    if head is None:
        return Step(len(text) - at)
    if head.start() > at:
        return Step(head.start() - at)
    if head.end() == len(text) and not _HEAD.match(text, at):
        return WAIT
    return _checked(text, at) if text[at] != 0x77 else _plain(plain, text, at)


def _plain(plain: re.Pattern[bytes], text: bytes, at: int) -> Step:
    """The form without checksum: its length is its only protection."""
    window = text[at : at + 12]
    cut = _NO_PLAIN.search(window, 2)
    again = _HEAD.search(window, 2, cut.start() if cut else len(window))
    if again:
        return damaged(window[: again.start()], Fault.INCOMPLETE)
    found = plain.match(window)
    if found:
        reading = _reading(found[1], found[2], found[3], found[0])
        return damaged(found[0]) if reading is None else Step(len(found[0]), reading)
    if cut:
        return damaged(window[: cut.start()])
    return WAIT if len(window) < 12 else Step(2, Reading(fault=Fault.BAD_FRAME, raw=window))


def _checked(text: bytes, at: int) -> Step:
    """The form with checksum, CR and LF."""
    window = text[at : at + _LONGEST]
    again = _HEAD.search(window, 2) if window[:1] == b"W" else None
    cut = window.find(b"\n") + 1
    if again and not 0 < cut <= again.start():
        return damaged(window[: again.start()], Fault.INCOMPLETE)
    if 0 < cut < _LONGEST:
        return damaged(window[:cut])
    return WAIT if len(window) < _LONGEST else _whole(window)


def _whole(window: bytes) -> Step:
    """Fifteen bytes without a line feed inside."""
    if not window.endswith(b"\r\n"):
        return Step(2, Reading(fault=Fault.BAD_FRAME, raw=window))
    if b"%02X" % reduce(xor, window[:11]) != window[11:13].upper():
        return damaged(window, Fault.BAD_CHECKSUM)
    if window.startswith(_OUT_OF_RANGE):
        fault = Fault.OVERLOAD if window[9:11] == b"OL" else Fault.UNDERLOAD
        return Step(_LONGEST, Reading(fault=fault, raw=window))
    found = _CHECKED.match(window)
    reading = _reading(found[1], found[2], found[3], window) if found else None
    return damaged(window) if reading is None else Step(_LONGEST, reading)


def _reading(kind: bytes, field: bytes, unit_field: bytes, raw: bytes) -> Reading | None:
    figure = number(field)
    if figure is None:
        return None
    unit = unit_field.lower().decode("ascii")
    if kind in b"tT":
        return _tare(figure, unit, raw)
    return Reading(weight=figure, unit=unit, mode=_KINDS[kind], raw=raw)


def _tare(figure: Decimal, unit: str, raw: bytes) -> Reading:
    return Reading(unit=unit, tare=figure, tare_kind=TareKind.SCALE, note="tare", raw=raw)


def _make(keys: Keys) -> Decoder:
    return Decoder(partial(_rule, _PLAIN[keys["width"]]))


def _stable_by(_keys: Keys) -> StableBy:
    return StableBy.SOFTWARE_TWICE


FAMILY: Final = Family(
    name="yaohua-a12",
    title="Yaohua XK3190-A12 text lines",
    make=_make,
    stable_by=_stable_by,
    keys={"width": ("7", "8")},
    line=Line(9600, 8, "N"),
    longest=_LONGEST,
    checksum="none; A12(E): exclusive or, two hex digits",
)
