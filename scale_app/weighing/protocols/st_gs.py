r"""The `ST,GS,` line family: A&D, AND, CAS and the many that copied them.

| length | layout (all end CR LF)                                             | who      |
|--------|--------------------------------------------------------------------|----------|
| 17     | `HH,` data(9, sign first) unit(3)                                   | A&D      |
| 18     | `HH,MM,` data(8) unit(2)                                            | AND      |
| 20     | `HH,CC,` data(9) unit(3), CC comparator `LO OK HI --`               | A&D      |
| 22     | `HH,MM,` id lamp(>= 80h) `,` data(8) space unit(2)                  | CAS      |
| 19     | `HH,MM,` data(8) space unit(2): by profile only, one digit less is 18 | CAS, AND |
| 17     | `HH,MM,` data(7) unit(2): by profile `short` only, one digit more is 18 | many   |
| 10     | data(8), nothing else: by profile only, stability from software     | CAS      |

HH: `ST` stable, `US` unstable, `OL` out of range (digits mean nothing and may be missing, so a line
of any length says it), `QT` stable count.
MM: `GS` gross, `NT` net, `TR` the tare itself. The family has no checksum; fixed lengths are its
only protection, so a weight of any other length is damage, never "nearly right".
Facts: CAS CI-400, CI-600D, CI-6000A, NT-200 and PDS manuals; A&D GC manual p. 51.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Final

from scale_app.weighing.protocols.family import Family, Keys, Line, StableBy
from scale_app.weighing.protocols.framing import WAIT, Decoder, Step, damaged, number
from scale_app.weighing.protocols.units import NOT_WEIGHTS, unit_of
from scale_app.weighing.reading import Fault, Mode, Reading, TareKind

_LONGEST = 22
_HEAD = re.compile(rb"(?:ST|US|OL|QT),|ERR ")
_HEAD_OR_ITS_START = re.compile(rb"(?:ST|US|OL|QT),|ERR |(?:ST|US|OL|QT|ERR|ER|[SUOQE])\Z")
_OUT_OF_RANGE = re.compile(rb"OL,[^\x00-\x1f\x7f]*\r\n")
_ERROR = re.compile(rb"ERR [0-9]{2}\r\n")
_MODES: Final = {b"GS": Mode.GROSS, b"NT": Mode.NET, b"TR": Mode.UNKNOWN}
_COMPARATOR: Final = frozenset((b"LO", b"OK", b"HI", b"--"))
_LAMP_STABLE_BIT, _LAMP_TARE_BIT, _LAMP_ZERO_BIT = 0x40, 0x02, 0x01


def _lines(fields: "Fields", text: bytes, at: int) -> Step:
    """One line of the forms with a header."""
    head = _HEAD_OR_ITS_START.search(text, at)
    if head is None:
        return Step(len(text) - at)
    if head.start() > at:
        return Step(head.start() - at)
    if head.end() == len(text) and not _HEAD.match(text, at):
        return WAIT
    window = text[at : at + _LONGEST]
    end = window.find(b"\n") + 1
    again = _HEAD.search(window, 3, end or _LONGEST)
    if again:
        return damaged(window[: again.start()], Fault.INCOMPLETE)
    if end:
        return _line(window[:end], fields)
    # A whole window without an end: only the header is used up, the rest may hide a frame.
    overlong = Step(3, Reading(fault=Fault.BAD_FRAME, raw=window))
    return overlong if len(window) == _LONGEST else WAIT


def _line(raw: bytes, fields: "Fields") -> Step:
    """A line from its header to its line feed."""
    if _ERROR.fullmatch(raw):
        note = raw[4:6].decode("ascii")
        return Step(len(raw), Reading(fault=Fault.DEVICE_FAULT, note=f"ERR {note}", raw=raw))
    if not raw.endswith(b"\r\n"):
        return damaged(raw)
    parts = fields(raw)
    if raw.startswith(b"OL") and _OUT_OF_RANGE.fullmatch(raw):
        return Step(len(raw), _out_of_range(raw, parts[2] if parts else None))
    if parts is None or raw.startswith(b"OL"):
        return damaged(raw)
    mode, figures, unit, lamp = parts
    value = number(figures) if _is_justified(figures, len(raw)) else None
    if value is None or unit is None:
        return damaged(raw)
    return Step(len(raw), _reading(raw, mode, value, (unit, lamp)))


def _out_of_range(raw: bytes, unit: str | None) -> Reading:
    """`OL`: a minus among the figures says that too little is on the pan."""
    is_below = re.search(rb"- *[0-9]", raw) is not None
    return Reading(
        fault=Fault.UNDERLOAD if is_below else Fault.OVERLOAD, unit=unit or "kg", raw=raw
    )


Parts = tuple[bytes, bytes, str | None, int | None]
"""Second header, figures, unit and lamp byte of a line."""

Fields = Callable[[bytes], Parts | None]
"""Takes a line apart; nothing if it does not fit."""


def _fields(raw: bytes) -> Parts | None:
    """The forms that are told apart by the line's length."""
    second, length = raw[3:5], len(raw)
    if length == 17:
        return (b"", raw[3:12], _unit_of_a_d(raw[12:15]), None) if raw[3] in b"+-" else None
    if raw[5:6] != b",":
        return None
    if length == 18 and second in _MODES:
        return second, raw[6:14], unit_of(raw[14:16]), None
    if length == 20 and second in _COMPARATOR and raw[6] in b"+-":
        return b"", raw[6:15], _unit_of_a_d(raw[15:18]), None
    if length == 22 and second in _MODES and raw[7] >= 0x80 and raw[8:9] + raw[17:18] == b", ":
        return second, raw[9:17], unit_of(raw[18:20]), raw[7]
    return None


def _unit_of_a_d(field: bytes) -> str | None:
    """A&D's `t` is a tola of 11.66 g and no tonne."""
    return "tola" if field == b"  t" else unit_of(field)


def _short_fields(raw: bytes) -> Parts | None:
    """The form that is 18 with a digit less."""
    fits = len(raw) == 17 and raw[5:6] == b"," and raw[3:5] in _MODES and raw[12:13].isdigit()
    return (raw[3:5], raw[6:13], unit_of(raw[13:15]), None) if fits else None


def _fields_of_19(raw: bytes) -> Parts | None:
    """The same for the one form that is 18 with a space before the unit."""
    fits = len(raw) == 19 and raw[5:6] + raw[14:15] == b", " and raw[3:5] in _MODES
    # Right-justified: a space at the end means that a digit is gone.
    is_full = raw[13:14] != b" "
    return (raw[3:5], raw[6:14], unit_of(raw[15:17]), None) if fits and is_full else None


def _is_justified(figures: bytes, length: int) -> bool:
    """False when a blank stands where A&D's fields end in a digit: one bit makes a blank of a 0."""
    return length in (18, 22) or not figures.endswith(b" ")


def _reading(raw: bytes, mode: bytes, value: Decimal, unit_lamp: tuple[str, int | None]) -> Reading:
    unit, lamp = unit_lamp
    if raw[:2] == b"QT" or unit in NOT_WEIGHTS:
        # A count or a percentage must not look like a weight: it stays in the note.
        what = NOT_WEIGHTS.get(unit, "count")
        return Reading(unit=unit, stable=raw[:2] != b"US", note=f"{what} {value:f}", raw=raw)
    if mode == b"TR":
        return Reading(unit=unit, tare=value, tare_kind=TareKind.SCALE, note="tare", raw=raw)
    return Reading(
        weight=value,
        unit=unit,
        stable=raw[:2] == b"ST",
        mode=_MODES.get(mode, Mode.UNKNOWN),
        tare_kind=TareKind.SCALE if lamp is not None and lamp & _LAMP_TARE_BIT else None,
        zero=None if lamp is None else bool(lamp & _LAMP_ZERO_BIT),
        note="lamp and header disagree" if _lamp_disagrees(raw, lamp) else "",
        raw=raw,
    )


def _lamp_disagrees(raw: bytes, lamp: int | None) -> bool:
    return lamp is not None and bool(lamp & _LAMP_STABLE_BIT) != (raw[:2] == b"ST")


def _bare_lines(unit: str, text: bytes, at: int) -> Step:
    """One 10-byte line of the form without header.

    A longer line must not be read from its middle, so a frame starts only after a line feed or
    after a byte that no line contains.
    """
    if not _printable(text[at]):
        return Step(1)
    if _printable(text[at - 1]):
        return Step(1)
    window = text[at : at + 10]
    end = window.find(b"\n") + 1
    if not end:
        return WAIT if len(window) < 10 else damaged(window)
    value = number(window[:8]) if end == 10 and window[8:9] == b"\r" else None
    if value is None:
        return damaged(window[:end])
    return Step(10, Reading(weight=value, unit=unit, raw=window))


def _printable(byte: int) -> bool:
    return 0x20 <= byte < 0x7F


_FORMS: Final[Mapping[str, Fields]] = {
    "auto": _fields,
    "short": _short_fields,
    "19": _fields_of_19,
}
"""The forms with a header."""


def _make(keys: Keys) -> Decoder:
    fields = _FORMS.get(keys["form"])
    if fields:
        return Decoder(partial(_lines, fields))
    unit = keys["unit"]
    return Decoder(lambda text, at: _bare_lines(unit, text, at))


def _stable_by(keys: Keys) -> StableBy:
    return StableBy.SOFTWARE_TWICE if keys["form"] == "10" else StableBy.FLAG_TWICE


FAMILY: Final = Family(
    name="st-gs",
    title="A&D / AND / CAS lines: ST,GS,",
    make=_make,
    stable_by=_stable_by,
    keys={"form": ("auto", "10", "19", "short"), "unit": ("kg", "lb")},
    line=Line(9600, 8, "N"),
    longest=_LONGEST,
    checksum="none; every form has one exact length",
)
