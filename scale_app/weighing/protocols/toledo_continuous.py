"""Toledo continuous output: the indicator talks by itself, 5 to 20 times a second.

`STX SWA SWB SWC w5..w0 t5..t0 CR [CHK]`: 18 bytes with checksum, 17 without; the short form has no
tare, 12 or 11. CHK makes the low seven bits of the whole frame sum to 0 modulo 128; it can itself
be 02h or 0Dh, so a frame counts only as a whole, never by its STX or CR.

| byte | bits                                                                        |
|------|-----------------------------------------------------------------------------|
| SWA  | 0-2 decimals: 0 x100, 1 x10, 2 x1, 3 .1, 4 .01, 5 .001, 6 .0001, 7 .00001     |
| SWB  | 0 net, 1 minus, 2 out of range, 3 motion, 4 kg (else lb), 6 zero not captured |
| SWC  | 0-2 unit, 3 print key, 4 ten times expanded (not for trade), 6 keyboard tare  |

Other bits differ between makers and are masked. Facts: Rockwell 57C428 guide app. D; Mettler
IND445 manual 5.2; Fairbanks FB3000 manual p. 55. A popular C# library documents the sign inverted.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from scale_app.weighing.protocols.family import Family, Keys, Line, StableBy
from scale_app.weighing.protocols.framing import WAIT, Decoder, Step, damaged
from scale_app.weighing.protocols.parity import RULES, is_whole, stripped
from scale_app.weighing.reading import Fault, Mode, Reading, TareKind

_STX, _CR = 0x02, 0x0D
_NET, _MINUS, _OUT_OF_RANGE, _MOTION, _KG, _NOT_READY = 0x01, 0x02, 0x04, 0x08, 0x10, 0x40
_PRINT, _EXPANDED, _KEYBOARD_TARE = 0x08, 0x10, 0x40
_UNITS: Final = ("kg", "g", "t", "oz", "ozt", "dwt", "ton", "N")


def _rule(keys: Keys) -> Callable[[bytes, int], Step]:
    """The rule for one form; the length is fixed, so a frame is accepted or refused as a whole."""
    body = 17 if keys["form"] == "long" else 11
    checked = keys["checksum"] == "yes"
    length = body + checked
    parity = keys["strip_parity"]

    def rule(text: bytes, at: int) -> Step:
        if text[at] & 0x7F != _STX:
            return Step(_to_next_start(text, at + 1) - at)
        raw = text[at : at + length]
        if len(raw) < length:
            return WAIT
        plain = stripped(raw)
        if plain[body - 1] != _CR:
            return _broken(raw)
        if not checked and b"\0" in plain:
            # A damaged byte as the kernel delivers it; as a status word it would mean hundreds.
            return damaged(raw)
        if (checked and sum(plain) & 0x7F) or not is_whole(raw, parity):
            # The byte in the checksum's place may be the next frame's STX.
            kept = raw[:-1] if checked and plain[-1] == _STX else raw
            return damaged(kept, Fault.BAD_CHECKSUM if checked else Fault.BAD_FRAME)
        reading = _reading(plain, raw, body)
        return damaged(raw) if reading is None else Step(length, reading)

    return rule


def _to_next_start(text: bytes, at: int) -> int:
    """Where the next byte stands that may begin a frame; the end when there is none."""
    places = [place for place in (text.find(b"\x02", at), text.find(b"\x82", at)) if place >= 0]
    return min(places, default=len(text))


def _broken(raw: bytes) -> Step:
    """No CR in its place: a half frame before another STX, or a stray STX."""
    again = _to_next_start(raw, 1)
    if again < len(raw):
        return damaged(raw[:again], Fault.INCOMPLETE)
    return Step(1, Reading(fault=Fault.BAD_FRAME, raw=raw))


def _reading(plain: bytes, raw: bytes, body: int) -> Reading | None:
    """The reading of a frame whose checksum, if any, fits; nothing when its digits are none."""
    swa, swb, swc = plain[1:4]
    unit = "lb" if not swc & 0x07 and not swb & _KG else _UNITS[swc & 0x07]
    if swb & _OUT_OF_RANGE:
        fault = Fault.UNDERLOAD if swb & _MINUS else Fault.OVERLOAD
        return Reading(fault=fault, unit=unit, raw=raw)
    exponent = 2 - (swa & 0x07)
    weight = _figure(plain[4:10], exponent)
    # A field of six spaces is no tare (seen on a Jaguar); as a weight it is damage.
    blank = body == 11 or not plain[10:16].strip(b" ")
    tare = Decimal(0) if blank else _figure(plain[10:16], exponent)
    if weight is None or tare is None:
        return None
    if swb & _NOT_READY:
        return Reading(fault=Fault.NOT_READY, unit=unit, note="zero not captured", raw=raw)
    net = bool(swb & _NET)
    expanded = bool(swc & _EXPANDED)
    has_tare = body == 17 and (net or bool(tare))
    return Reading(
        weight=-weight if swb & _MINUS and weight else weight,
        unit=unit,
        stable=not swb & _MOTION,
        mode=Mode.NET if net else Mode.GROSS,
        tare=tare if has_tare else None,
        tare_kind=_tare_kind(swc) if has_tare else None,
        for_trade=not expanded,
        note="ten times expanded, not for trade" if expanded else "print" if swc & _PRINT else "",
        raw=raw,
    )


def _tare_kind(swc: int) -> TareKind:
    return TareKind.PRESET if swc & _KEYBOARD_TARE else TareKind.SCALE


def _figure(digits: bytes, exponent: int) -> Decimal | None:
    """Six digits, leading zeros may be spaces; never blank, never a space inside."""
    figures = digits.lstrip(b" ")
    if not figures.isdigit():
        return None
    return Decimal((0, tuple(byte - 0x30 for byte in figures), exponent))


def _make(keys: Keys) -> Decoder:
    return Decoder(_rule(keys))


def _stable_by(keys: Keys) -> StableBy:
    return StableBy.FLAG if keys["checksum"] == "yes" else StableBy.FLAG_TWICE


FAMILY: Final = Family(
    name="toledo-continuous",
    title="Toledo continuous output",
    make=_make,
    stable_by=_stable_by,
    keys={"checksum": ("yes", "no"), "form": ("long", "short"), "strip_parity": RULES},
    line=Line(9600, 7, "E"),
    longest=18,
    checksum="seven-bit sum of the whole frame is zero",
)
