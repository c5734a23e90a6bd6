"""Mettler-Toledo 8217: the host asks `W`, the scale answers a stable weight or its status.

| answer                     | meaning                                                  |
|----------------------------|----------------------------------------------------------|
| `STX WW.WWW [N] CR`        | kg, stable, zero or more, in range; `N` = net              |
| `STX [0]WW.WW [N] CR`      | the same in lb                                             |
| `STX WW.WWWW [N] CR`       | answer to `H`: ten times finer, not for trade              |
| `STX ? S CR`               | no weight: status byte S                                   |
| `STX CR`, `STX E CR`       | command taken; echo test                                   |

Status: bit 0 motion, 1 over capacity, 2 under zero, 3 outside the zero-capture range, 4 centre of
zero, 5 net (always 1 in the Ohaus and Rice Lake dialect: profile key `bit5`), 6 always 1, 7 parity.
There is no checksum: a weight needs its exact number of digits in the profile's unit.
Facts: Mettler DIVA service manual pp. 45-51; Ohaus Courier 7000 manual p. 43.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from scale_app.weighing.protocols.family import Family, Keys, Line, StableBy
from scale_app.weighing.protocols.framing import WAIT, Decoder, Step, damaged
from scale_app.weighing.protocols.parity import ABSENT, RULES, is_whole, stripped
from scale_app.weighing.reading import Fault, Mode, Reading

_LONGEST = 10
_STATUS_LENGTH = 4
_START = re.compile(rb"[\x02\x82]")
_WEIGHT: Final = {
    "kg": re.compile(rb"\x02((?: \d|\d\d)\.\d{3})(N?)\r"),
    "lb": re.compile(rb"\x02((?: \d|0?\d\d)\.\d\d)(N?)\r"),
}
_FINE: Final = {
    "kg": re.compile(rb"\x02(\d\d\.\d{4})(N?)\r"),
    "lb": re.compile(rb"\x02(\d\d\.\d{3})(N?)\r"),
}
_MOTION, _OVER, _UNDER, _NO_ZERO, _CENTRE, _BIT5 = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_FAULTS: Final = (
    (_OVER, Fault.OVERLOAD),
    (_UNDER, Fault.UNDER_ZERO),
    (_MOTION, Fault.MOTION),
    (_NO_ZERO, Fault.NOT_READY),
)
_TAKEN: Final = {b"\x02\r": "taken", b"\x02E\r": "echo"}


def _rule(keys: Keys) -> Callable[[bytes, int], Step]:
    parity, unit = keys["strip_parity"], keys["unit"]
    has_net_bit = keys["bit5"] == "net"

    def rule(text: bytes, at: int) -> Step:
        start = _START.search(text, at)
        if start is None or start.start() > at:
            return Step((start.start() if start else len(text)) - at)
        raw = text[at : at + _LONGEST]
        length = _length(stripped(raw))
        if length == 0:
            return WAIT
        if length < 0:
            return damaged(raw[:-length], Fault.INCOMPLETE)
        raw = raw[:length]
        reading = _reading(stripped(raw), unit, has_net_bit=has_net_bit)
        if reading is None or not _has_parity(raw, parity):
            return damaged(raw)
        return Step(length, reading(raw))

    return rule


def _has_parity(raw: bytes, parity: str) -> bool:
    """True when the eighth bits fit; a status byte may carry its parity alone."""
    if is_whole(raw, parity):
        return True
    is_status = parity == ABSENT and len(raw) == _STATUS_LENGTH and raw[1:2] == b"?"
    return is_status and (raw[:2] + raw[3:]).isascii() and is_whole(raw[2:3], "even")


def _length(plain: bytes) -> int:
    """Bytes to the CR; 0 = more are needed; negative = so many before another STX."""
    # The status byte may hold any bits, so its answer goes by place, not by content.
    fixed = 3 if plain[1:2] == b"?" else 1
    if len(plain) <= fixed:
        return 0
    end, again = plain.find(b"\r", fixed), plain.find(b"\x02", fixed)
    if again >= 0 and (end < 0 or again < end):
        return -again
    if end >= 0:
        return end + 1
    return _LONGEST if len(plain) == _LONGEST else 0


def _reading(plain: bytes, unit: str, *, has_net_bit: bool) -> Callable[[bytes], Reading] | None:
    """How to build the reading of a whole answer; nothing when it is not one."""
    if len(plain) == _STATUS_LENGTH and plain[1:2] == b"?":
        return lambda raw: _status(plain[2], raw, has_net_bit=has_net_bit)
    if plain in _TAKEN:
        return lambda raw: Reading(note=_TAKEN[plain], raw=raw)
    for forms, for_trade in ((_WEIGHT, True), (_FINE, False)):
        found = forms[unit].fullmatch(plain)
        if found:
            value = Decimal(found[1].strip().decode("ascii"))
            mode = Mode.NET if found[2] else Mode.GROSS
            return lambda raw: Reading(
                weight=value, unit=unit, stable=True, mode=mode, for_trade=for_trade, raw=raw
            )
    return None


def _status(status: int, raw: bytes, *, has_net_bit: bool) -> Reading:
    """A status answer: the gravest of its faults, or a reading with neither weight nor fault."""
    fault = next((fault for bit, fault in _FAULTS if status & bit), None)
    return Reading(
        fault=fault,
        mode=Mode.NET if has_net_bit and status & _BIT5 else Mode.UNKNOWN,
        stable=False if status & _MOTION else None,
        zero=bool(status & _CENTRE),
        note="" if fault else "status",
        raw=raw,
    )


def _make(keys: Keys) -> Decoder:
    return Decoder(_rule(keys))


def _stable_by(_keys: Keys) -> StableBy:
    return StableBy.FLAG_TWICE


FAMILY: Final = Family(
    name="mt-8217",
    title="Mettler-Toledo 8217, by request",
    make=_make,
    stable_by=_stable_by,
    keys={"bit5": ("net", "always-one"), "strip_parity": RULES, "unit": ("kg", "lb")},
    line=Line(9600, 7, "E"),
    longest=_LONGEST,
    poll=b"W",
    checksum="none; parity of every byte, and the exact number of digits",
)
