r"""Sartorius SBI lines of 16 or 22 characters, CR LF included.

| place (16) | content                                                                  |
|------------|--------------------------------------------------------------------------|
| 1          | sign: `+`, `-` or space                                                   |
| 2-10       | figure, right-justified, leading zeros as spaces; unverified digit in `[]` |
| 11         | space (or `]`)                                                            |
| 12-14      | unit; blank while the weight moves                                        |

The form of 22 has six characters before: what the figure is (`N` net, `G#` gross, `T` tare; all
others are results of applications, not weights). `Stat` lines and bare `H`, `L`, `C`, `Err ###`
lines carry no weight. No unit is named while moving: then the last one named holds, or the
profile's. Facts: Sartorius manuals Master p. 79, FB p. 66, Combics 1 p. 98, CP p. 56, LE p. 52.
"""

import re
from typing import Final

from scale_app.weighing.protocols import text_lines
from scale_app.weighing.protocols.family import Family, Keys, Line, StableBy
from scale_app.weighing.protocols.framing import Decoder, number
from scale_app.weighing.protocols.parity import RULES
from scale_app.weighing.protocols.units import NOT_WEIGHTS, unit_of
from scale_app.weighing.reading import Fault, Mode, Reading, TareKind

_LONGEST = 48
_FIGURE = re.compile(rb"([+\- ])([ 0-9.\[]{7,8}[0-9.\]])([ \]])([A-Za-z%/ ]{3})")
_WHOLE = re.compile(rb"[A-Z][A-Za-z0-9# ]{5}[+\- ][ 0-9.\[]{7,8}[0-9.\]][ \]][A-Za-z%/ ]{3}\Z")
_CODES: Final = (
    (re.compile(rb"H|HH|HIGH", re.IGNORECASE), Fault.OVERLOAD, ""),
    (re.compile(rb"L|LL|LOW", re.IGNORECASE), Fault.UNDERLOAD, ""),
    (re.compile(rb"C|CAL\.?(?:(?:INT|EXT)\.?)?", re.IGNORECASE), Fault.NOT_READY, "calibration"),
)
_ERROR = re.compile(rb"E(?:RR?)? +([0-9]{1,3})", re.IGNORECASE)
_MODES: Final = {
    b"": Mode.UNKNOWN,
    b"N": Mode.NET,
    b"N1": Mode.NET,
    b"G": Mode.GROSS,
    b"G#": Mode.GROSS,
}
_TARES: Final = frozenset((b"T", b"T1", b"T2", b"PT", b"PT2"))


class _Lines:
    """Reads lines; remembers the unit that was named last."""

    def __init__(self, unit: str) -> None:
        self._unit = unit

    def line(self, body: bytes, raw: bytes) -> Reading:
        """One line without its end; printable noise glued before the long form is cut off."""
        if len(body) > 20 and _WHOLE.fullmatch(body[-20:]):
            body = body[-20:]
        special = _special(body, raw)
        if special:
            return special
        if len(body) not in (14, 20):
            return Reading(fault=Fault.BAD_FRAME, raw=raw)
        what = body[:-14].strip(b" ")
        found = _FIGURE.fullmatch(body[-14:])
        reading = self._figure(what, found, raw) if found else None
        return reading or Reading(fault=Fault.BAD_FRAME, raw=raw)

    def _figure(self, what: bytes, found: re.Match[bytes], raw: bytes) -> Reading | None:
        figure = found[2] + found[3].rstrip(b" ")
        has_brackets = b"[" in figure or b"]" in figure
        if has_brackets:
            figure = re.sub(rb"\[([0-9.]+)\]\Z", rb"\1", figure)
        value = number(found[1] + figure)
        is_blank = not found[4].strip(b" ")
        unit = self._unit if is_blank else unit_of(found[4])
        if value is None or unit is None:
            return None
        if unit in NOT_WEIGHTS:
            return Reading(
                unit=unit, stable=not is_blank, note=f"{NOT_WEIGHTS[unit]} {value:f}", raw=raw
            )
        self._unit = unit
        if what in _TARES:
            return Reading(unit=unit, tare=value, tare_kind=TareKind.SCALE, note="tare", raw=raw)
        if what not in _MODES:
            return Reading(unit=unit, note=f"{what.decode('ascii')} {value:f}", raw=raw)
        return Reading(
            weight=value,
            unit=unit,
            stable=not is_blank,
            mode=_MODES[what],
            for_trade=not has_brackets,
            note="last digit is not verified" if has_brackets else "",
            raw=raw,
        )


def _special(body: bytes, raw: bytes) -> Reading | None:
    """A line with a code instead of a figure, of whatever length; nothing when it is none."""
    text = body.removeprefix(b"Stat").strip(b" ")
    for code, fault, note in _CODES:
        if code.fullmatch(text):
            return Reading(fault=fault, note=note, raw=raw)
    error = _ERROR.fullmatch(text)
    if error:
        note = f"Err {error[1].decode('ascii')}"
        return Reading(fault=Fault.DEVICE_FAULT, note=note, raw=raw)
    if text == b"--" or (body.startswith(b"Stat") and not text):
        return Reading(note="status", raw=raw)
    return None


def _make(keys: Keys) -> Decoder:
    lines = _Lines(keys["unit"])
    return Decoder(text_lines.rule(lines.line, _LONGEST, parity=keys["strip_parity"], whole=_WHOLE))


def _stable_by(_keys: Keys) -> StableBy:
    return StableBy.FLAG_TWICE


FAMILY: Final = Family(
    name="sartorius-sbi",
    title="Sartorius SBI lines",
    make=_make,
    stable_by=_stable_by,
    keys={"unit": ("kg", "lb", "g"), "strip_parity": RULES},
    line=Line(1200, 7, "O"),
    longest=_LONGEST,
    poll=b"\x1bP\r\n",
    answer_s=1.0,
    checksum="none; exact columns, on a 7O1 line parity of every byte",
)
