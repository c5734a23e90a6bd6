r"""Radwag lines: the answer to `SI` and relatives, the printouts, the short replies.

| form | layout (all end CR LF)                                                    |
|------|---------------------------------------------------------------------------|
| 21   | command(3) stab space sign mass(9) space unit(3)                           |
| 22   | command(3) space stab space sign mass(9) space unit(3)                     |
| 18   | stab space sign mass(9) space unit(3): the PRINT key                       |
| 20   | the same with mass(11), unverified digits in brackets: by profile only     |

stab: space stable, `?` not, `^` over range, `v` under range. Replies: `XX A` accepted, `XX D` done,
`XX OK`, `XX I` not possible now, `XX ^` over, `XX v` under, `XX E` no stable result in time, `ES`
not understood. A form 22 that lost one byte can look like a form 21, its `?` gone: once one of the
two was seen the other is damage, until it came so often that the first was the damaged one. Set
`form` where it is known.
Facts: Radwag manuals WPT p. 69, PUE C/31 p. 58, PS 6100.R2 p. 81, HRP p. 128.
"""

import re
from typing import Final

from scale_app.weighing.protocols import text_lines
from scale_app.weighing.protocols.family import Family, Keys, Line, StableBy
from scale_app.weighing.protocols.framing import Decoder, number
from scale_app.weighing.protocols.units import NOT_WEIGHTS, unit_of
from scale_app.weighing.reading import Fault, Reading

_LONGEST = 48
_COMMAND = rb"(?:S  |SI |SU |SUI)"
_UNIT = rb"([A-Za-z%][A-Za-z ]{2})"
_FORMS: Final = {
    "21": re.compile(_COMMAND + rb"([ ?^v]) ([ +-])(.{9}) " + _UNIT),
    "22": re.compile(_COMMAND + rb" ([ ?^v]) ([ +-])(.{9}) " + _UNIT),
    "18": re.compile(rb"([ ?^v]) ([ +-])(.{9}) " + _UNIT),
    "20": re.compile(rb"([ ?^v]) ([ +-])(.{11}) " + _UNIT),
}
_WHOLE = re.compile(_COMMAND + rb" ?[ ?^v] [ +-].{9} " + _UNIT + rb"\Z")
_AUTO: Final = ("21", "22", "18")
_LENGTHS: Final = {"21": 19, "22": 20}
_CHANGED_AFTER: Final = 3
"""So many of the other form in a row, all refused, and the first one seen was the damaged one."""
_REPLY = re.compile(rb"([A-Z][A-Z0-9]{0,2}) (A|D|OK|I|\^|v|E)")
_FAULTS: Final = {
    b"I": (Fault.NOT_READY, "not possible now"),
    b"E": (Fault.NOT_READY, "no stable result in time"),
    b"^": (Fault.OVERLOAD, ""),
    b"v": (Fault.UNDERLOAD, ""),
}
_DONE: Final = {b"A": "accepted", b"D": "done", b"OK": "done"}


class _Answers:
    """Which of the two answers with a command this scale gives; kept for one connection."""

    def __init__(self) -> None:
        self._form = ""
        self._others = 0

    def fit(self, form: str) -> bool:
        """Whether a line of this form is believed."""
        if form not in _LENGTHS:
            return True
        if self._form not in ("", form) and self._others < _CHANGED_AFTER:
            self._others += 1
            return False
        self._form, self._others = form, 0
        return True


def _line(forms: tuple[str, ...], answers: _Answers, body: bytes, raw: bytes) -> Reading:
    """One line; printable noise glued before an answer with a command is cut off."""
    for form in forms:
        length = _LENGTHS.get(form, len(body))
        found = _FORMS[form].fullmatch(body[-length:])
        if found:
            fits = answers.fit(form)
            return _mass(found, raw) if fits else Reading(fault=Fault.BAD_FRAME, raw=raw)
    if body.strip(b" ") == b"ES":
        return Reading(fault=Fault.DEVICE_FAULT, note="command not understood", raw=raw)
    reply = _REPLY.fullmatch(body.rstrip(b" "))
    if reply is None:
        return Reading(fault=Fault.BAD_FRAME, raw=raw)
    if reply[2] in _DONE:
        return Reading(note=f"{reply[1].decode('ascii')} {_DONE[reply[2]]}", raw=raw)
    fault, note = _FAULTS[reply[2]]
    return Reading(fault=fault, note=note, raw=raw)


def _mass(found: re.Match[bytes], raw: bytes) -> Reading:
    stab, sign, mass = found[1], found[2], found[3]
    unit = unit_of(found[4])
    if unit and stab in (b"^", b"v"):
        fault = Fault.OVERLOAD if stab == b"^" else Fault.UNDERLOAD
        return Reading(fault=fault, unit=unit, raw=raw)
    has_brackets = mass.count(b"[") == 1 == mass.count(b"]")
    if has_brackets:
        mass = mass.replace(b"[", b"").replace(b"]", b"")
    # Right-justified: a space at the end means that a digit is gone.
    value = None if mass.endswith(b" ") else number(sign + mass)
    if value is None or unit is None:
        return Reading(fault=Fault.BAD_FRAME, raw=raw)
    if unit in NOT_WEIGHTS:
        return Reading(
            unit=unit, stable=stab == b" ", note=f"{NOT_WEIGHTS[unit]} {value:f}", raw=raw
        )
    return Reading(
        weight=value,
        unit=unit,
        stable=stab == b" ",
        for_trade=not has_brackets,
        note="last digit is not verified" if has_brackets else "",
        raw=raw,
    )


def _make(keys: Keys) -> Decoder:
    forms = _AUTO if keys["form"] == "auto" else (keys["form"],)
    answers = _Answers()

    def line(body: bytes, raw: bytes) -> Reading:
        return _line(forms, answers, body, raw)

    return Decoder(text_lines.rule(line, _LONGEST, whole=_WHOLE))


def _stable_by(_keys: Keys) -> StableBy:
    return StableBy.FLAG_TWICE


FAMILY: Final = Family(
    name="radwag",
    title="Radwag answers and printouts",
    make=_make,
    stable_by=_stable_by,
    keys={"form": ("auto", "21", "22", "18", "20")},
    line=Line(9600, 8, "N"),
    longest=_LONGEST,
    poll=b"SI\r\n",
    checksum="none; exact columns",
)
