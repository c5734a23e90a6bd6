"""Yaohua XK3190 frames from STX to ETX, streamed or on command, with an exclusive or in hex.

| mode       | layout                                                                         |
|------------|--------------------------------------------------------------------------------|
| continuous | `STX sign d6 dp xh xl ETX`: what the indicator shows, gross or net unsaid       |
| command    | `STX address command [sign d6 dp] xh xl ETX`: answer to `STX address command..` |

`d6` six digits, high first; `dp` decimals 0-4; `xh xl` exclusive or of all between STX and
themselves, two hex digits. Commands: A shake hands, B gross, C tare, D net, E unit price,
F amount. No stable flag and no unit: time and the profile say. Net alone does not say whether there
is a tare, so tare is asked first and net upon its answer: net of a tare of nothing is gross. An
indicator for lorries answers E and F with numbers of lorry and goods, which are no figures of ours.
Facts: XK3190-A26 manual p. 12; -A23p pp. 23-26; -A9+ p. 11; -DS3 p. 8; the address 1 is `A`.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import reduce
from operator import xor
from string import ascii_uppercase
from typing import Final

from scale_app.weighing.protocols.family import Family, Keys, Line, StableBy
from scale_app.weighing.protocols.framing import WAIT, Decoder, Step, damaged
from scale_app.weighing.reading import Fault, Mode, Reading, TareKind

_LONGEST: Final = {"continuous": 12, "command": 16}
_END = re.compile(rb"[\x02\x03]")
_FIGURE = re.compile(rb"([+-]) *([0-9]+)([0-4])")
_SHOWN_LENGTH = 12
_SHORTEST_ANSWER = 6

Read = Callable[[bytes, bytes], Reading | None]
"""(bytes between STX and checksum, raw) -> the reading; nothing when a field is none."""


def _rule(keys: Keys) -> Callable[[bytes, int], Step]:
    is_command = keys["mode"] == "command"
    longest = _LONGEST[keys["mode"]]
    read = _Answers(keys).read if is_command else _shown(keys["unit"])
    ask_net = _request(keys, b"D")

    def rule(text: bytes, at: int) -> Step:
        if text[at] != 0x02:
            start = text.find(b"\x02", at)
            return Step((start if start >= 0 else len(text)) - at)
        window = text[at : at + longest]
        end = _END.search(window, 1)
        if end is None:
            overlong = Step(1, Reading(fault=Fault.BAD_FRAME, raw=window))
            return overlong if len(window) == longest else WAIT
        if end[0] == b"\x02":
            return damaged(window[: end.start()], Fault.INCOMPLETE)
        raw = window[: end.end()]
        if len(raw) < (_SHORTEST_ANSWER if is_command else _SHOWN_LENGTH):
            return damaged(raw)
        return sealed(raw)

    def sealed(raw: bytes) -> Step:
        body = raw[1:-3]
        if b"%02X" % reduce(xor, body) != raw[-3:-1].upper():
            return damaged(raw, Fault.BAD_CHECKSUM)
        reading = read(body, raw)
        if reading is None:
            return damaged(raw)
        is_tare_alone = reading.weight is None and reading.tare is not None
        return Step(len(raw), reading, ask_net if is_tare_alone else b"")

    return rule


def _shown(unit: str) -> Read:
    """Continuous frames: the indication."""

    def read(body: bytes, raw: bytes) -> Reading | None:
        weight = _figure(body)
        return None if weight is None else Reading(weight=weight, unit=unit, raw=raw)

    return read


class _Answers:
    """Answers to commands: which figure it is stands in the command's letter."""

    def __init__(self, keys: Keys) -> None:
        self._address, self._unit = keys["address"].encode("ascii"), keys["unit"]
        self._tare: Decimal | None = None

    def read(self, body: bytes, raw: bytes) -> Reading | None:
        """One answer; the tare of one answer counts for the next answer about net only."""
        asked, command, rest = body[:1], body[1:2], body[2:]
        if asked != self._address:
            # Several indicators share one line: another one's load is not ours.
            note = f"address {asked.decode('latin-1')}"
            return Reading(fault=Fault.BAD_FRAME, note=note, raw=raw)
        if command == b"A" and not rest:
            return Reading(unit=self._unit, note="handshake", raw=raw)
        figure = _figure(rest)
        if command == b"D" and figure is not None:
            tare, self._tare = self._tare, None
            return self._net(figure, tare, raw)
        if command == b"C":
            self._tare = figure
        if figure is not None:
            return _named(command, figure, self._unit, raw)
        is_number = command in (b"E", b"F") and rest
        return Reading(unit=self._unit, note="number", raw=raw) if is_number else None

    def _net(self, figure: Decimal, tare: Decimal | None, raw: bytes) -> Reading:
        if tare is not None and not tare:
            return Reading(weight=figure, unit=self._unit, mode=Mode.GROSS, note="net", raw=raw)
        kind = None if tare is None else TareKind.SCALE
        return Reading(
            weight=figure, unit=self._unit, mode=Mode.NET, tare=tare, tare_kind=kind, raw=raw
        )


def _named(command: bytes, figure: Decimal, unit: str, raw: bytes) -> Reading | None:
    if command == b"B":
        return Reading(weight=figure, unit=unit, mode=Mode.GROSS, raw=raw)
    if command == b"C":
        return Reading(unit=unit, tare=figure, tare_kind=TareKind.SCALE, note="tare", raw=raw)
    if command == b"E":
        return Reading(unit=unit, unit_price=figure, note="unit price", raw=raw)
    if command == b"F":
        return Reading(unit=unit, amount=figure, note="amount", raw=raw)
    return None


def _figure(field: bytes) -> Decimal | None:
    """Sign, six or eight digits (spaces may stand in front), decimals."""
    found = _FIGURE.fullmatch(field)
    if found is None or len(field) not in (8, 10):
        return None
    digits = tuple(byte - 0x30 for byte in found[2])
    figure = Decimal((0, digits, 0x30 - found[3][0]))
    return -figure if found[1] == b"-" and figure else figure


def _make(keys: Keys) -> Decoder:
    return Decoder(_rule(keys))


def _stable_by(_keys: Keys) -> StableBy:
    return StableBy.SOFTWARE


def _ask(keys: Keys) -> bytes:
    """Ask for tare, and upon its answer for net; a continuous indicator is asked nothing."""
    return b"" if keys["mode"] == "continuous" else _request(keys, b"C")


def _request(keys: Keys, command: bytes) -> bytes:
    body = keys["address"].encode("ascii") + command
    return b"\x02%s%02X\x03" % (body, reduce(xor, body))


FAMILY: Final = Family(
    name="yaohua-stx",
    title="Yaohua XK3190, STX to ETX with checksum",
    make=_make,
    stable_by=_stable_by,
    keys={
        "mode": ("continuous", "command"),
        "address": tuple(ascii_uppercase),
        "unit": ("kg", "lb"),
    },
    line=Line(9600, 8, "N"),
    longest=16,
    ask=_ask,
    checksum="exclusive or, two hex digits",
)
