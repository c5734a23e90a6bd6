r"""NCI SCP-01, SCP-02, SCP-12 and relatives (Weigh-Tronix, Brecknell, Magellan, Adam MDW, CAS).

| answer                                              | meaning                               |
|-----------------------------------------------------|---------------------------------------|
| `LF field unit CR LF [S] h1 h2 [h3 [h4]] CR ETX`     | weight with its state                  |
| `LF field unit CR h1 h2 ETX`                         | the same, SCP-12 of some makers         |
| `LF nnLB nn.nOZ CR LF h1 h2 CR ETX`                  | pounds and ounces: told in ounces       |
| `LF [S] h1 h2 [h3 [h4]] CR ETX`                      | state only                             |
| `LF unit CR LF h1 h2 CR ETX`                         | the unit was changed                    |
| `LF ? CR ETX`                                        | command not understood                  |

h1: 0 moving, 1 at zero, 2 RAM, 3 EEPROM error. h2: 0 under, 1 over capacity, 2 ROM error, 3
faulty calibration, 6 another byte follows. h3: 0-1 range (00 or 11), 2 net, 3 initial zero error,
6 another byte follows. Bits 4 and 5 are always 1. A field of `^` is over, of `_` under capacity,
of `-` a zero error. Models differ in the length of the field, so a lost digit is seen only where
profile key `width` sets the number of characters before the unit.
Facts: SCP-01 as in a public simulator; Datalogic DIVA manual pp. 35-43; Adam MDW manual 8.5; Avery
Weigh-Tronix 7821 manual p. 25; tests of com.jackflashtech.nci; serial-nci-scale.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from scale_app.weighing.protocols.family import Family, Keys, Line, StableBy
from scale_app.weighing.protocols.framing import WAIT, Decoder, Step, damaged, number
from scale_app.weighing.protocols.parity import ABSENT, RULES, is_whole, stripped
from scale_app.weighing.reading import Fault, Mode, Reading

_LONGEST = 34
_START = re.compile(rb"[\n\x8a]")
_STATE = rb"([0-?p-\x7f]{2,4})"
_ANSWER = re.compile(rb"\n([ -~]{2,18})\r(?:\nS?" + _STATE + rb"\r|" + _STATE + rb")\x03")
_STATE_ONLY = re.compile(rb"\nS?" + _STATE + rb"\r\x03")
_UNKNOWN = re.compile(rb"\n\?\r\x03")
_FIELD = re.compile(rb"([ +\-0-9.]+?) *(kg|lb|oz|g) *", re.IGNORECASE)
_POUNDS = re.compile(rb" *(\d{1,3}) *lb *(\d{1,3}(?:\.\d{1,2})?) *oz *", re.IGNORECASE)
_UNIT_ONLY = re.compile(rb" *(kg|lb|oz|g) *", re.IGNORECASE)
_NO_DIGITS = re.compile(rb" *([\^_-])\1{2,} *(?:kg|lb|oz|g)? *", re.IGNORECASE)
_CARETS: Final = {
    b"^": (Fault.OVERLOAD, ""),
    b"_": (Fault.UNDERLOAD, ""),
    b"-": (Fault.NOT_READY, "zero error"),
}
_MOVING, _AT_ZERO, _RAM, _EEPROM = 0x01, 0x02, 0x04, 0x08
_UNDER, _OVER, _ROM, _CALIBRATION = 0x01, 0x02, 0x04, 0x08
_RANGE, _NET, _INITIAL_ZERO, _FOLLOWS = 0x03, 0x04, 0x08, 0x40


@dataclass(frozen=True, slots=True)
class _State:
    """What the status bytes say; `fault` is the gravest, motion apart."""

    fault: Fault | None
    note: str
    is_moving: bool
    is_zero: bool
    mode: Mode


def _rule(parity: str, width: str) -> Callable[[bytes, int], Step]:
    def rule(text: bytes, at: int) -> Step:
        start = _START.search(text, at)
        if start is None or start.start() > at:
            return Step((start.start() if start else len(text)) - at)
        window = text[at : at + _LONGEST]
        plain = stripped(window)
        end = plain.find(b"\x03") + 1
        again = _cut_at(plain[: end or len(plain)])
        if again:
            cut = window[:again]
            return damaged(cut, Fault.INCOMPLETE) if len(cut.strip(b"\r\n")) else Step(again)
        if not end:
            return Step(1) if len(window) == _LONGEST else WAIT
        raw = window[:end]
        reading = _reading(plain[:end], raw, parity)
        if reading and reading.weight is not None and not _has_width(plain, width):
            reading = None
        return Step(end, reading or Reading(fault=Fault.BAD_FRAME, raw=raw))

    return rule


def _has_width(plain: bytes, width: str) -> bool:
    """True when so many characters stand before the unit."""
    field = plain[1 : plain.index(b"\r")].rstrip(b" ")
    return width == "any" or len(field.rstrip(b"KGLBOZkglboz")) == int(width)


def _cut_at(plain: bytes) -> int:
    """Where another answer begins inside: a line feed that no CR came before; 0 when none does."""
    again = plain.find(b"\n", 1)
    if again < 0 or plain[again - 1] != 0x0D:
        return max(again, 0)
    # The status line has its own line feed; a second one after it is another answer.
    third = plain.find(b"\n", again + 1)
    return again if third >= 0 and plain[third - 1] == 0x0D else max(third, 0)


def _reading(plain: bytes, raw: bytes, parity: str) -> Reading | None:
    """The reading of a whole answer; nothing when it is none."""
    if _UNKNOWN.fullmatch(plain) and is_whole(raw, parity):
        return Reading(fault=Fault.DEVICE_FAULT, note="command not understood", raw=raw)
    answer = _STATE_ONLY.fullmatch(plain) or _ANSWER.fullmatch(plain)
    if answer is None or not _has_parity(raw, answer, parity):
        return None
    state = _state(answer[answer.lastindex or 0])
    if state is None:
        return None
    return _refusal(state, raw) if answer.lastindex == 1 else _weight(answer[1], state, raw)


def _has_parity(raw: bytes, answer: re.Match[bytes], parity: str) -> bool:
    """True when the eighth bits fit; some devices set them in the status bytes only."""
    if is_whole(raw, parity):
        return True
    start, end = answer.span(answer.lastindex or 0)
    rest = raw[:start] + raw[end:]
    return parity == ABSENT and rest.isascii() and is_whole(raw[start:end], "even")


def _state(status: bytes) -> _State | None:
    """What two to four status bytes say; nothing when they contradict each other."""
    first, second = status[:2]
    third = status[2] if len(status) > 2 else 0
    too_few = len(status) < 3 if second & _FOLLOWS else len(status) < 4 and third & _FOLLOWS
    if too_few or third & _RANGE not in (0, _RANGE):
        return None
    fault, note = _fault(first, second, third)
    mode = Mode.UNKNOWN if not third else Mode.NET if third & _NET else Mode.GROSS
    return _State(fault, note, bool(first & _MOVING), bool(first & _AT_ZERO), mode)


def _fault(first: int, second: int, third: int) -> tuple[Fault | None, str]:
    for bits, broken in (
        (first & _RAM, "RAM"),
        (first & _EEPROM, "EEPROM"),
        (second & _ROM, "ROM"),
    ):
        if bits:
            return Fault.DEVICE_FAULT, f"{broken} error"
    if second & _CALIBRATION:
        return Fault.DEVICE_FAULT, "faulty calibration"
    if second & _OVER:
        return Fault.OVERLOAD, ""
    if second & _UNDER:
        return Fault.UNDERLOAD, ""
    return (Fault.NOT_READY, "initial zero error") if third & _INITIAL_ZERO else (None, "")


def _refusal(state: _State, raw: bytes) -> Reading:
    """The state alone: a fault, or neither weight nor fault."""
    fault = state.fault or (Fault.MOTION if state.is_moving else None)
    return Reading(
        fault=fault,
        stable=False if state.is_moving else None,
        mode=state.mode,
        zero=state.is_zero,
        note=state.note if fault else "status",
        raw=raw,
    )


def _weight(field: bytes, state: _State, raw: bytes) -> Reading | None:
    blank = _NO_DIGITS.fullmatch(field)
    if blank:
        fault, note = (state.fault, state.note) if state.fault else _CARETS[blank[1]]
        return Reading(fault=fault, note=note, raw=raw)
    unit_only = _UNIT_ONLY.fullmatch(field)
    if unit_only:
        return _refusal(state, raw)
    measured = _measured(field)
    if measured is None:
        return None
    if state.fault:
        return _refusal(state, raw)
    weight, unit, note = measured
    return Reading(
        weight=weight,
        unit=unit,
        stable=not state.is_moving,
        mode=state.mode,
        zero=state.is_zero,
        note=note,
        raw=raw,
    )


def _measured(field: bytes) -> tuple[Decimal, str, str] | None:
    """Figure, unit and note of a weight field; nothing when it is none."""
    both = _POUNDS.fullmatch(field)
    if both:
        pounds, ounces = (Decimal(part.decode("ascii")) for part in both.groups())
        return 16 * pounds + ounces, "oz", f"{pounds} lb {ounces} oz"
    found = _FIELD.fullmatch(field)
    value = number(found[1]) if found else None
    return None if found is None or value is None else (value, found[2].decode("ascii").lower(), "")


def _make(keys: Keys) -> Decoder:
    return Decoder(_rule(keys["strip_parity"], keys["width"]))


def _stable_by(_keys: Keys) -> StableBy:
    return StableBy.FLAG_TWICE


FAMILY: Final = Family(
    name="nci",
    title="NCI / Weigh-Tronix SCP-01, SCP-02, SCP-12",
    make=_make,
    stable_by=_stable_by,
    keys={"width": ("any", "6", "7", "8", "9"), "strip_parity": RULES},
    line=Line(9600, 7, "E"),
    longest=_LONGEST,
    poll=b"W\r",
    checksum="none; on a 7E1 line parity of every byte",
)
