r"""Checkout-Dialog 02, 04 and 06: the till sends a price, the scale answers weight and amount.

| scale sends                                             | meaning                              |
|---------------------------------------------------------|--------------------------------------|
| `ACK`                                                    | record taken; the till asks `EOT ENQ` |
| `NAK`                                                    | refused; the till asks why: record 08 |
| `STX 02 ESC u ESC weight(5) ESC price(6) ESC amount(6) ETX` | the weighing                       |
| `STX 09 ESC ss ETX`                                      | status, the reason of a refusal       |
| `STX 11 ESC d [Z(2)] ETX`                                | checksums: 2 wanted, 1 right, 0 wrong |

u: 3 kg, 2 and 1 lb (by 0.005 and 0.01), 0 pounds and ounces (not read). The price may have five
digits; some makers end a record with EOT. The till ends each exchange with EOT and must find that
amount = weight x price. The three dialogs differ in their line. Facts: Ohaus Aviator 7000 service
manual pp. 38-41; Dibal DPOS400 manual 4.39; Cely PI100 manual p. 14; Mettler DIVA manual pp. 54-61.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Final

from scale_app.weighing.protocols.amounts import fits
from scale_app.weighing.protocols.dialog_checksums import ChecksumProvider, proof, random_number
from scale_app.weighing.protocols.family import Family, Keys, Line, StableBy
from scale_app.weighing.protocols.framing import WAIT, Decoder, Step, damaged
from scale_app.weighing.protocols.parity import RULES, is_whole, stripped
from scale_app.weighing.reading import Fault, Reading

_STX, _ETX, _EOT, _ENQ, _ACK, _NAK = b"\x02", b"\x03", b"\x04", b"\x05", b"\x06", b"\x15"
_ASK_RESULT: Final = _EOT + _ENQ
_ASK_STATUS: Final = _EOT + _STX + b"08" + _ETX
_LONGEST = 26
_START = re.compile(rb"[\x02\x06\x15\x82\x86\x95]")
_NO_TEXT = re.compile(rb"[^\x1b\x20-\x7e]")
_RESULT = re.compile(
    rb"02\x1b([0-3])\x1b(?=.{5}\x1b)( *\d+)\x1b(?=.{5,6}\x1b)( *\d+)\x1b(?=.{6}\Z)( *\d+)"
)
_STATUS = re.compile(rb"09\x1b(\d\d)")
_CHECKSUMS = re.compile(rb"11\x1b(?:([01])|2([0-?A-Fa-f]{2}))")
_UNITS: Final = {b"3": ("kg", 3), b"2": ("lb", 3), b"1": ("lb", 2)}
_REASONS: Final = {
    b"00": (None, "no error"),
    b"01": (Fault.DEVICE_FAULT, "general error"),
    b"02": (Fault.DEVICE_FAULT, "parity error or overflow at the scale"),
    b"10": (Fault.DEVICE_FAULT, "record number refused"),
    b"11": (Fault.DEVICE_FAULT, "unit price refused"),
    b"12": (Fault.DEVICE_FAULT, "tare refused"),
    b"13": (Fault.DEVICE_FAULT, "text refused"),
    b"20": (Fault.MOTION, ""),
    b"21": (Fault.NOT_READY, "the load has not changed"),
    b"22": (Fault.NOT_READY, "weighing not finished"),
    b"30": (Fault.UNDERLOAD, "below minimum"),
    b"31": (Fault.UNDER_ZERO, ""),
    b"32": (Fault.OVERLOAD, ""),
}

Answered = tuple[Reading | None, bytes]
"""What a record means, and what the till owes the scale."""


def _rule(parity: str, provider: ChecksumProvider | None) -> Callable[[bytes, int], Step]:
    def rule(text: bytes, at: int) -> Step:
        start = _START.search(text, at)
        if start is None or start.start() > at:
            return Step((start.start() if start else len(text)) - at)
        window = text[at : at + _LONGEST]
        plain = stripped(window)
        if plain[:1] != _STX:
            return _control(window[:1], parity)
        end = _NO_TEXT.search(plain, 1)
        if end is None:
            return Step(1, Reading(fault=Fault.BAD_FRAME, raw=window)) if _is_full(window) else WAIT
        if end[0] not in (_ETX, _EOT):
            fault = Fault.INCOMPLETE if end[0] == _STX else Fault.BAD_FRAME
            return damaged(window[: end.start()], fault)
        raw = window[: end.end()]
        answered = _record(plain[1 : end.start()], raw, provider) if is_whole(raw, parity) else None
        return Step(len(raw), *answered) if answered else damaged(raw)

    return rule


def _is_full(window: bytes) -> bool:
    return len(window) == _LONGEST


def _control(raw: bytes, parity: str) -> Step:
    """ACK or NAK."""
    if not is_whole(raw, parity):
        return Step(1)
    if stripped(raw) == _ACK:
        return Step(1, None, _ASK_RESULT)
    return Step(1, Reading(fault=Fault.NOT_READY, note="refused", raw=raw), _ASK_STATUS)


def _record(text: bytes, raw: bytes, provider: ChecksumProvider | None) -> Answered | None:
    """A record between STX and its end; nothing when it is none."""
    result = _RESULT.fullmatch(text)
    if result:
        return _result(result, raw), _EOT
    status = _STATUS.fullmatch(text)
    if status:
        code = status[1].decode("ascii")
        fault, note = _REASONS.get(status[1], (Fault.DEVICE_FAULT, "unknown"))
        stable = False if fault is Fault.MOTION else None
        return Reading(
            fault=fault, stable=stable, note=f"status {code} {note}".rstrip(), raw=raw
        ), _EOT
    asked = _CHECKSUMS.fullmatch(text)
    return _checksums(asked, raw, provider) if asked else None


def _result(found: re.Match[bytes], raw: bytes) -> Reading:
    """Record 02: the weight, if its unit is one we read and the amount fits."""
    unit_and_places = _UNITS.get(found[1])
    if unit_and_places is None:
        return Reading(fault=Fault.DEVICE_FAULT, note="pounds and ounces are not read", raw=raw)
    unit, places = unit_and_places
    weight, price, amount = (
        Decimal(field.strip(b" ").decode("ascii")) for field in found.groups()[1:]
    )
    weight, price, amount = weight.scaleb(-places), price.scaleb(-2), amount.scaleb(-2)
    if not fits(weight, price, amount):
        return Reading(
            fault=Fault.PRICE_MISMATCH, unit=unit, unit_price=price, amount=amount, raw=raw
        )
    return Reading(weight=weight, unit=unit, stable=True, unit_price=price, amount=amount, raw=raw)


def _checksums(asked: re.Match[bytes], raw: bytes, provider: ChecksumProvider | None) -> Answered:
    """Record 11: the scale wants the till's checksums, or has judged them."""
    if asked[1] == b"1":
        return Reading(note="checksums right", raw=raw), _ASK_RESULT
    if asked[1] == b"0":
        return Reading(fault=Fault.DEVICE_FAULT, note="checksums wrong", raw=raw), _EOT
    wanted = Reading(fault=Fault.NOT_READY, note="checksums wanted", raw=raw)
    random = random_number(asked[2])
    if provider is None or random is None:
        return wanted, _EOT
    return wanted, _EOT + _STX + b"10\x1b" + proof(provider, random) + _ETX


def _make(keys: Keys, provider: ChecksumProvider | None = None) -> Decoder:
    return Decoder(_rule(keys["strip_parity"], provider))


def with_checksums(family: Family, provider: ChecksumProvider) -> Family:
    """The family with a till that can answer record 11."""
    return replace(family, make=partial(_make, provider=provider))


def _stable_by(_keys: Keys) -> StableBy:
    return StableBy.FLAG_TWICE


def _family(number: str, baud: int) -> Family:
    return Family(
        name=f"dialog-{number}",
        title=f"Checkout-Dialog {number}",
        make=_make,
        stable_by=_stable_by,
        keys={"strip_parity": RULES},
        line=Line(baud, 7, "O"),
        longest=_LONGEST,
        # Price 1.00: the amount on the scale's display is then the weight, rounded.
        poll=_EOT + _STX + b"01\x1b000100\x1b" + _ETX,
        answer_s=1.0,
        checksum="none; amount = weight x unit price",
    )


DIALOG_02: Final = _family("02", 2400)
DIALOG_04: Final = _family("04", 4800)
DIALOG_06: Final = _family("06", 9600)
