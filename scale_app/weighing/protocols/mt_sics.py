"""MT-SICS: one line for each command, `ID status [value unit]`, ended by CR LF.

| answer                        | meaning                                                       |
|-------------------------------|---------------------------------------------------------------|
| `S S v u`, `S D v u`          | weight, stable or moving; the id may be SI, SIR, SR, SNR, too  |
| `S I`, `S +`, `S -`           | no weight now, over, under; the same after Z, ZI, T, TI        |
| `S S Error 10b`               | the balance found itself faulty                               |
| `T S v u`, `TI S|D v u`       | tare taken, v is the tare                                      |
| `TA A v u`, `TAC A`, `Z A`    | tare is v; tare cleared; zero taken; any `ID A ..`: done       |
| `ID L`, `ES` `ET` `EL`        | refused: parameter, syntax, transmission, logic                |

v stands right-aligned in ten columns; some makers send it without padding, or with one or two
columns more. Padded to fewer it is damage: there is no checksum and a lost digit would be another
weight. Profile key `columns=any` is for scales with columns of their own: the first width seen
holds, and others are damage until they came so often that the first one was the damaged one.
Facts: Mettler MT-SICS reference manuals; tests of the node driver `mt-sics`; labmcp-mettler-toledo
0.1.3; mt-sics-emulator 0.1.1.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Final

from scale_app.weighing.protocols.family import Family, Keys, Line, StableBy
from scale_app.weighing.protocols.framing import WAIT, Decoder, Step, damaged
from scale_app.weighing.protocols.units import NOT_WEIGHTS, unit_of
from scale_app.weighing.reading import Fault, Reading, TareKind

_LONGEST = 96
_WIDTHS: Final = (10, 11, 12)
_LONGEST_FIGURE = 10
_LONGEST_UNPADDED = 8
_CHANGED_AFTER: Final = 3
"""So many of another width in a row, all refused, and the first one seen was the damaged one."""
_TEXT = re.compile(rb"[\x20-\x7e]+")
_ENDS: Final = b"\r\n"
_WEIGHT = re.compile(rb"(?:S|SI|SIR|SR|SNR) ([SD]) (.+) ([A-Za-z%]{1,5}) *")
_GLUED = re.compile(rb"(?:S|SI|SIR|SR|SNR) [SD] [ 0-9.\-]+ [A-Za-z%]{1,5} *\Z")
_TARE = re.compile(rb"(T|TI|TA) ([SDA]) (.+) ([A-Za-z%]{1,5}) *")
_VALUE = re.compile(rb"( *)(-?[0-9]+(?:\.[0-9]+)?)")
_ANSWER = re.compile(rb"([A-Z][A-Z0-9]{0,5}|@) ([ABDIL+\-S])(?: (.*))?")
_FAULTY = re.compile(rb"SI? [SD] +(Error .*)")
_REFUSALS: Final = {b"ES": "syntax error", b"ET": "transmission error", b"EL": "logical error"}
_FAULTS: Final = {
    b"I": Fault.NOT_READY,
    b"+": Fault.OVERLOAD,
    b"-": Fault.UNDERLOAD,
    b"L": Fault.DEVICE_FAULT,
}
_DONE: Final = {
    b"Z A": "zero taken",
    b"ZI S": "zero taken",
    b"ZI D": "zero taken while moving",
    b"TAC A": "tare cleared",
}
_HALF = re.compile(rb"[A-Z]{1,3} [A-Z]")
_LOOKS_LIKE_AN_ANSWER = re.compile(rb"[A-Z@]")


class _Columns:
    """How wide this scale pads its figures; kept for one connection."""

    def __init__(self, columns: str) -> None:
        self._are_ten = columns == "10"
        self._width = 0
        self._others = 0

    def value(self, field: bytes) -> Decimal | None:
        """The figure in its columns, or in none at all."""
        found = _VALUE.fullmatch(field)
        if found is None or len(field) > _WIDTHS[-1] or len(found[2]) > _LONGEST_FIGURE:
            return None
        is_unpadded = not found[1] and len(field) <= _LONGEST_UNPADDED
        if not is_unpadded and not self._fit(len(field)):
            return None
        value = Decimal(found[2].decode("ascii"))
        return value or abs(value)

    def _fit(self, width: int) -> bool:
        if self._are_ten:
            return width in _WIDTHS
        if self._width not in (0, width) and self._others < _CHANGED_AFTER:
            self._others += 1
            return False
        self._width, self._others = width, 0
        return True


def _rule(columns: _Columns, text: bytes, at: int) -> Step:
    """One line; bytes that no text holds stand between lines, never in one."""
    body = _TEXT.match(text, at)
    if body is None:
        return Step(1)
    line = body[0]
    if len(line) >= _LONGEST:
        return Step(1)
    if body.end() == len(text):
        return WAIT
    if text[body.end()] not in _ENDS:
        # The line was cut by a byte of noise.
        return _not_understood(line, line)
    return _line(columns, line, text[at : body.end() + 1])


def _line(columns: _Columns, line: bytes, raw: bytes) -> Step:
    """A whole line; noise may be glued to its front."""
    reading = _reading(columns, line, raw)
    if reading is not None:
        return Step(len(raw), reading)
    glued = _GLUED.search(line, 1)
    if glued and _reading(columns, glued[0], raw) is not None:
        front = line[: glued.start()]
        return damaged(front, Fault.INCOMPLETE) if _HALF.match(front) else Step(len(front))
    return _not_understood(line, raw)


def _not_understood(line: bytes, raw: bytes) -> Step:
    """Damage where a line begins like an answer, else noise."""
    return damaged(raw) if _LOOKS_LIKE_AN_ANSWER.match(line) else Step(len(raw))


def _reading(columns: _Columns, line: bytes, raw: bytes) -> Reading | None:
    """What a whole line says; nothing when it is none of the grammar's."""
    for form, read in _FORMS:
        found = form.fullmatch(line)
        if found:
            return read(columns, found, raw)
    if line in _REFUSALS:
        return Reading(fault=Fault.DEVICE_FAULT, note=_REFUSALS[line], raw=raw)
    return None


def _weight(columns: _Columns, found: re.Match[bytes], raw: bytes) -> Reading | None:
    unit = unit_of(found[3])
    value = columns.value(found[2]) if unit else None
    if value is None or unit is None:
        return None
    stable = found[1] == b"S"
    if unit in NOT_WEIGHTS:
        note = f"{NOT_WEIGHTS[unit]} {value:f}"
        return Reading(unit=unit, stable=stable, note=note, raw=raw)
    return Reading(weight=value, unit=unit, stable=stable, raw=raw)


def _tare(columns: _Columns, found: re.Match[bytes], raw: bytes) -> Reading | None:
    unit = unit_of(found[4])
    is_answer = unit is not None and (found[1] == b"TA") == (found[2] == b"A")
    value = columns.value(found[3]) if is_answer else None
    if value is None or unit is None:
        return None
    note = "tare" if found[1] == b"TA" else "tare taken"
    stable = None if found[1] == b"TA" else found[2] == b"S"
    return Reading(
        unit=unit, stable=stable, tare=value, tare_kind=TareKind.SCALE, note=note, raw=raw
    )


def _faulty(_columns: _Columns, found: re.Match[bytes], raw: bytes) -> Reading:
    return Reading(fault=Fault.DEVICE_FAULT, note=found[1].decode("ascii"), raw=raw)


def _answer(_columns: _Columns, found: re.Match[bytes], raw: bytes) -> Reading | None:
    """An answer without a weight: done, refused, or an identity."""
    name, status, rest = found[1], found[2], found[3]
    text = found[0].decode("ascii").strip()
    fault = _FAULTS.get(status)
    if fault:
        return None if rest else Reading(fault=fault, note=text, raw=raw)
    if name + b" " + status in _DONE:
        return None if rest else Reading(note=_DONE[name + b" " + status], raw=raw)
    is_done = status in b"AB" and name not in (b"S", b"SI", b"T", b"TI", b"Z", b"ZI")
    return Reading(note=text, raw=raw) if is_done else None


Read = Callable[[_Columns, re.Match[bytes], bytes], Reading | None]
_FORMS: Final[tuple[tuple[re.Pattern[bytes], Read], ...]] = (
    (_FAULTY, _faulty),
    (_WEIGHT, _weight),
    (_TARE, _tare),
    (_ANSWER, _answer),
)


def _make(keys: Keys) -> Decoder:
    return Decoder(partial(_rule, _Columns(keys["columns"])))


def _stable_by(_keys: Keys) -> StableBy:
    return StableBy.FLAG_TWICE


FAMILY: Final = Family(
    name="mt-sics",
    title="Mettler-Toledo MT-SICS",
    make=_make,
    stable_by=_stable_by,
    keys={"columns": ("10", "any")},
    line=Line(9600, 8, "N"),
    longest=_LONGEST,
    poll=b"SI\r\n",
    checksum="none; a padded figure must fill its ten columns",
)
