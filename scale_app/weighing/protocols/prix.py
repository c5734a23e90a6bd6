r"""Toledo Prix and Filizola counter scales (Brazil), and the short frame of Aihua ACS scales.

| form | answer                                        | what                                |
|------|-----------------------------------------------|-------------------------------------|
| 7    | `STX weight(5) ETX`                           | to ENQ: a stable weight, or letters |
| 25   | `STX code(6) weight(5) price(6) total(6) ETX` | when the print key is pressed       |
| acs  | `CR space weight(4)`                          | continuous, or to `$`               |

Instead of the weight: `IIIII` moving, `NNNNN` below zero, `SSSSS` overload. Weights in thousandths
of the profile's unit, money in hundredths. No checksum but the sum in form 25.
Facts: Toledo Prix III and Prix 3 Plus manuals (2.7.3 Prt3, 2.7.4 Prt5); stoqdrivers;
OpenAC.Balanca; a public cashier program for the ACS-P215.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from scale_app.weighing.protocols.amounts import fits
from scale_app.weighing.protocols.family import Family, Keys, Line, StableBy
from scale_app.weighing.protocols.framing import WAIT, Decoder, Step, damaged
from scale_app.weighing.reading import Fault, Reading

_WEIGHT = re.compile(rb"\x02( {0,4}\d{1,5})\x03")
_PRICED = re.compile(rb"\x02([0-9 ]{6})(\d{5})(\d{6})(\d{6})\x03")
_LETTERS: Final = {ord("I"): Fault.MOTION, ord("N"): Fault.UNDER_ZERO, ord("S"): Fault.OVERLOAD}
_SHORT: Final = 7
"""Bytes of the answer with letters, in both forms."""
_ACS = re.compile(rb"\r ( {0,3}\d{1,4})")


def _framed(length: int, weigh: Callable[[bytes], Reading | None]) -> Callable[[bytes, int], Step]:
    """The rule of the forms between STX and ETX."""

    def rule(text: bytes, at: int) -> Step:
        start = text.find(b"\x02", at)
        if start != at:
            return Step((start if start > at else len(text)) - at)
        raw = text[at : at + length]
        again = raw.find(b"\x02", 1)
        end = raw.find(b"\x03", 1)
        if again >= 0 and (end < 0 or again < end):
            return damaged(raw[:again], Fault.INCOMPLETE)
        if end < 0:
            return damaged(raw) if len(raw) == length else WAIT
        raw = raw[: end + 1]
        reading = weigh(raw) if len(raw) == length else None
        reading = reading or (_letters(raw) if len(raw) in (_SHORT, length) else None)
        return Step(len(raw), reading or Reading(fault=Fault.BAD_FRAME, raw=raw))

    return rule


def _letters(raw: bytes) -> Reading | None:
    """The refusal in five equal letters at the weight's place."""
    field = raw[1:6] if len(raw) == _SHORT else raw[7:12]
    fault = _LETTERS.get(field[0]) if len(set(field)) == 1 else None
    stable = False if fault is Fault.MOTION else None
    return Reading(fault=fault, stable=stable, raw=raw) if fault else None


def _thousandths(digits: bytes) -> Decimal:
    return Decimal(digits.strip(b" ").decode("ascii")).scaleb(-3)


def _plain(unit: str, raw: bytes) -> Reading | None:
    found = _WEIGHT.fullmatch(raw)
    if found is None:
        return None
    return Reading(weight=_thousandths(found[1]), unit=unit, stable=True, raw=raw)


def _priced(unit: str, raw: bytes) -> Reading | None:
    found = _PRICED.fullmatch(raw)
    if found is None:
        return None
    weight = _thousandths(found[2])
    price, amount = (Decimal(found[group].decode("ascii")).scaleb(-2) for group in (3, 4))
    note = f"code {found[1].decode('ascii').strip()}"
    if not fits(weight, price, amount):
        return Reading(
            fault=Fault.PRICE_MISMATCH,
            unit=unit,
            unit_price=price,
            amount=amount,
            note=note,
            raw=raw,
        )
    return Reading(
        weight=weight,
        unit=unit,
        stable=True,
        unit_price=price,
        amount=amount,
        note=note,
        raw=raw,
    )


def _acs(unit: str) -> Callable[[bytes, int], Step]:
    """The rule of the short frame; it has no end, CR and space are all that marks it."""

    def rule(text: bytes, at: int) -> Step:
        start = text.find(b"\r", at)
        if start != at:
            return Step((start if start > at else len(text)) - at)
        raw = text[at : at + 6]
        if raw[1:2] not in (b"", b" "):
            return Step(1)
        again = raw.find(b"\r", 1)
        if again >= 0:
            return damaged(raw[:again], Fault.INCOMPLETE)
        if len(raw) < 6:
            return WAIT
        found = _ACS.fullmatch(raw)
        if found is None:
            return damaged(raw)
        return Step(6, Reading(weight=_thousandths(found[1]), unit=unit, raw=raw))

    return rule


def _make(keys: Keys) -> Decoder:
    unit = keys["unit"]
    if keys["form"] == "acs":
        return Decoder(_acs(unit))
    if keys["form"] == "25":
        return Decoder(_framed(25, lambda raw: _priced(unit, raw)))
    return Decoder(_framed(7, lambda raw: _plain(unit, raw)))


def _stable_by(keys: Keys) -> StableBy:
    return StableBy.SOFTWARE_TWICE if keys["form"] == "acs" else StableBy.FLAG_TWICE


FAMILY: Final = Family(
    name="prix",
    title="Toledo Prix, Filizola, ACS short frames",
    make=_make,
    stable_by=_stable_by,
    keys={"form": ("7", "25", "acs"), "unit": ("kg", "lb")},
    line=Line(9600, 8, "N"),
    longest=25,
    ask=lambda keys: b"$" if keys["form"] == "acs" else b"\x05",
    checksum="none; form 25: total = weight x unit price",
)
