"""SMA SCP-0499: `LF s r n m f weight(10) unit(3) CR`, twenty bytes for each request.

| field | values                                                                               |
|-------|--------------------------------------------------------------------------------------|
| s     | space, `Z` centre of zero, `O` over, `U` under, `E` zero error, `I` initial zero error,|
|       | `T` tare error, `e` no weight displayed                                               |
| r     | range, `1` on single-range scales                                                     |
| n     | `G` gross, `N` net, `T` the tare itself; small: ten times finer, not for trade        |
| m     | `M` moving, else space                                                                |

On errors the weight is ten dashes. The unit may miss its last space. `LF ? CR`: command not
understood; `LF xxx:text CR`: about the scale; `LF` four characters `CR`: its self-test.
There is no checksum: the fixed length is the only protection.
Facts: SMA SCP-0499; Sartorius PR 5220 manual p. 130; Fairbanks FB2550 p. 180; Cardinal 190 p. 124;
emupos 0.4.0.
"""

import re
from decimal import Decimal
from typing import Final

from scale_app.weighing.protocols.family import Family, Keys, Line, StableBy
from scale_app.weighing.protocols.framing import WAIT, Decoder, Step, damaged, number
from scale_app.weighing.protocols.units import NOT_WEIGHTS, unit_of
from scale_app.weighing.reading import Fault, Mode, Reading, TareKind

_LONGEST = 40
_LF = b"\n"
_END = re.compile(rb"[^\x20-\x7e]")
_STANDARD = re.compile(
    rb"\n(?P<s>[ ZOUEITe])(?P<r>[1-9 ])(?P<n>[GNTgnt])(?P<m>[M ])."
    rb"(?P<weight>.{10})(?P<unit>.{3}|kg|lb)\r"
)
_ABOUT = re.compile(rb"\n([\x20-\x7e]{3}:[\x20-\x7e]*)\r")
_SELF_TEST = re.compile(rb"\n([A-Za-z ]{4})\r")
_DASHES: Final = b"-" * 10
_FAULTS: Final = {
    b"O": (Fault.OVERLOAD, ""),
    b"U": (Fault.UNDERLOAD, ""),
    b"E": (Fault.DEVICE_FAULT, "zero error"),
    b"I": (Fault.NOT_READY, "initial zero error"),
    b"T": (Fault.DEVICE_FAULT, "tare error"),
    b"e": (Fault.NOT_READY, "no weight displayed"),
}
_MODES: Final = {b"G": Mode.GROSS, b"N": Mode.NET, b"T": Mode.UNKNOWN}


def _rule(text: bytes, at: int) -> Step:
    if text[at : at + 1] != _LF:
        start = text.find(_LF, at)
        return Step((start if start >= 0 else len(text)) - at)
    window = text[at : at + _LONGEST]
    end = _END.search(window, 1)
    if end is None:
        overlong = Step(1, Reading(fault=Fault.BAD_FRAME, raw=window))
        return overlong if len(window) == _LONGEST else WAIT
    if end[0] != b"\r":
        return _cut(window[: end.start()], end[0])
    raw = window[: end.end()]
    reading = _reading(raw)
    return damaged(raw) if reading is None else Step(len(raw), reading)


def _cut(raw: bytes, by: bytes) -> Step:
    """No CR: another line began, or a byte came that no line holds."""
    if len(raw) == 1:
        return Step(1)
    return damaged(raw, Fault.INCOMPLETE if by == _LF else Fault.BAD_FRAME)


def _reading(raw: bytes) -> Reading | None:
    found = _STANDARD.fullmatch(raw)
    if found:
        return _standard(found, raw)
    if raw == b"\n?\r":
        return Reading(fault=Fault.DEVICE_FAULT, note="command not understood", raw=raw)
    about = _ABOUT.fullmatch(raw)
    if about:
        return Reading(note=about[1].decode("ascii"), raw=raw)
    test = _SELF_TEST.fullmatch(raw)
    if test is None:
        return None
    failed = test[1].strip().decode("ascii")
    if failed:
        return Reading(fault=Fault.DEVICE_FAULT, note=f"self-test {failed}", raw=raw)
    return Reading(note="self-test passed", raw=raw)


def _standard(found: re.Match[bytes], raw: bytes) -> Reading | None:
    unit = unit_of(found["unit"])
    if found["s"] in _FAULTS:
        fault, note = _FAULTS[found["s"]]
        return Reading(fault=fault, unit=unit or "kg", note=note, raw=raw)
    if found["weight"] == _DASHES:
        fault = Fault.MOTION if found["m"] == b"M" else Fault.NOT_READY
        return Reading(fault=fault, unit=unit or "kg", raw=raw)
    # Right-justified: a blank at the end was a digit.
    figure = None if found["weight"].endswith(b" ") else number(found["weight"])
    if figure is None or unit is None:
        return None
    if unit in NOT_WEIGHTS:
        return Reading(unit=unit, note=f"{NOT_WEIGHTS[unit]} {figure:f}", raw=raw)
    if found["n"] in b"Tt":
        return Reading(unit=unit, tare=figure, tare_kind=TareKind.SCALE, note="tare", raw=raw)
    return _weight(found, figure, unit, raw)


def _weight(found: re.Match[bytes], figure: Decimal, unit: str, raw: bytes) -> Reading:
    is_fine = found["n"].islower()
    return Reading(
        weight=figure,
        unit=unit,
        stable=found["m"] == b" ",
        mode=_MODES[found["n"].upper()],
        zero=found["s"] == b"Z",
        for_trade=not is_fine,
        note="ten times expanded, not for trade" if is_fine else "",
        raw=raw,
    )


def _make(_keys: Keys) -> Decoder:
    return Decoder(_rule)


def _stable_by(_keys: Keys) -> StableBy:
    return StableBy.FLAG_TWICE


FAMILY: Final = Family(
    name="sma",
    title="SMA SCP-0499",
    make=_make,
    stable_by=_stable_by,
    keys={},
    line=Line(9600, 8, "N"),
    longest=_LONGEST,
    poll=b"\nW\r",
    checksum="none; one exact length",
)
