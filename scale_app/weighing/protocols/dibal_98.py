r"""Dibal and Epelsa "98" (also called TISA): the host sends a price, the scale answers.

| line                                             | who, what                                   |
|--------------------------------------------------|---------------------------------------------|
| `98 price(5) X CR LF`                            | host: weigh at this price                    |
| `99 S weight(5) E amount(6) X CR LF`             | scale: 18 bytes                              |
| `9A price(6) X CR LF`                            | scale asks for the price of its key          |
| `9B S weight(5) price(6) E amount(6) X CR LF`    | scale: 24 bytes                              |

No blanks are sent. X is the XOR of all characters before it. S and E: `0` right, `1` error of the
weight and of the amount. While moving, S and E are 1 and the amount is 0; an unchanged load and a
load below minimum, zero or out of range set S only, or S and a weight of 0. Weight in thousandths
of the profile's unit, or with its own point (5 characters). A wrong weight status never gives a
weight. ACK and NAK answer the host. Facts: Dibal DPOS400 manual 4.4 and 4.42; R-Keeper's list of
scale drivers.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import reduce
from operator import xor
from typing import Final

from scale_app.weighing.protocols.amounts import fits
from scale_app.weighing.protocols.family import Family, Keys, Line, StableBy
from scale_app.weighing.protocols.framing import WAIT, Decoder, Step, damaged, number
from scale_app.weighing.reading import Fault, Reading

_LENGTHS: Final = {b"99": 18, b"9A": 11, b"9B": 24}
_HEAD = re.compile(rb"9[9AB]")
_HEAD_OR_ITS_START = re.compile(rb"9(?:[9AB]|\Z)|\x15")
_WEIGHT = rb"([01])([ 0-9.+-]{5})"
_FORMS: Final = {
    b"99": re.compile(rb"99" + _WEIGHT + rb"()([01])(\d{6})"),
    b"9B": re.compile(rb"9B" + _WEIGHT + rb"(\d{6})([01])(\d{6})"),
}
_PRICE_WANTED = re.compile(rb"9A\d{6}")
_NAK = 0x15


def _rule(unit: str) -> Callable[[bytes, int], Step]:
    def rule(text: bytes, at: int) -> Step:
        start = _HEAD_OR_ITS_START.search(text, at)
        if start is None or start.start() > at:
            return Step((start.start() if start else len(text)) - at)
        if text[at] == _NAK:
            return Step(1, Reading(fault=Fault.NOT_READY, note="NAK", raw=text[at : at + 1]))
        if start.end() - at == 1:
            return WAIT
        return _line(text[at : at + _LENGTHS[start[0]]], _LENGTHS[start[0]], unit)

    return rule


def _line(raw: bytes, length: int, unit: str) -> Step:
    """A line of the scale from its head on, as far as it is here."""
    end = raw.find(b"\n")
    if len(raw) < length and end < 0:
        return WAIT
    if end != length - 1 or raw[-2:-1] != b"\r":
        return _broken(raw, end)
    if reduce(xor, raw[:-3]) != raw[-3]:
        return damaged(raw, Fault.BAD_CHECKSUM)
    return Step(length, _reading(raw, unit))


def _broken(raw: bytes, end: int) -> Step:
    """Digits may hold `99`, too: without a line end in its place only the first one is used up."""
    if end >= 0:
        again = _HEAD.search(raw, 2, end + 1)
        whole = raw[: end + 1]
        return damaged(whole[: again.start()], Fault.INCOMPLETE) if again else damaged(whole)
    return Step(1, Reading(fault=Fault.BAD_FRAME, raw=raw))


def _reading(raw: bytes, unit: str) -> Reading:
    """The reading of a line whose checksum fits."""
    if _PRICE_WANTED.fullmatch(raw[:-3]):
        return Reading(note="price wanted", raw=raw)
    form = _FORMS.get(raw[:2])
    found = form.fullmatch(raw[:-3]) if form else None
    if found and found[1] == b"1":
        return _refusal(_weight(found[2]), is_amount_wrong=found[4] == b"1", raw=raw)
    weight = _weight(found[2]) if found else None
    if found is None or weight is None:
        return Reading(fault=Fault.BAD_FRAME, raw=raw)
    price = _money(found[3]) if found[3] else None
    amount = _money(found[5]) if found[4] == b"0" else None
    if price is not None and amount is not None and not fits(weight, price, amount):
        return Reading(
            fault=Fault.PRICE_MISMATCH, unit=unit, unit_price=price, amount=amount, raw=raw
        )
    return Reading(
        weight=weight,
        unit=unit,
        stable=True,
        unit_price=price,
        amount=amount or (amount if price is not None else None),
        note="amount does not fit its field" if amount is None else "",
        raw=raw,
    )


def _refusal(weight: Decimal | None, *, is_amount_wrong: bool, raw: bytes) -> Reading:
    """Why the weight is not valid, as far as the line tells."""
    if weight and is_amount_wrong:
        return Reading(fault=Fault.MOTION, stable=False, raw=raw)
    note = "the load has not changed" if weight else "zero, below minimum or out of range"
    return Reading(fault=Fault.NOT_READY, note=note, raw=raw)


def _weight(field: bytes) -> Decimal | None:
    value = number(field)
    return value if value is None or b"." in field else value.scaleb(-3)


def _money(field: bytes) -> Decimal:
    return Decimal(field.decode("ascii")).scaleb(-2)


def _make(keys: Keys) -> Decoder:
    return Decoder(_rule(keys["unit"]))


def _stable_by(_keys: Keys) -> StableBy:
    return StableBy.FLAG


FAMILY: Final = Family(
    name="dibal-98",
    title="Dibal and Epelsa 98 (TISA)",
    make=_make,
    stable_by=_stable_by,
    keys={"unit": ("kg", "lb")},
    line=Line(9600, 8, "N"),
    longest=24,
    poll=b"98000001\r\n",
    answer_s=1.5,
    checksum="exclusive or, one character",
)
