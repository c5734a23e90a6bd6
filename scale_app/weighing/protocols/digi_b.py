"""DIGI DS-781 type B: the host asks ENQ, the scale answers weight, tare and both prices.

`[F C] CR 0 net(6) CR 4 tare(6) CR U price(6) CR T total(7) CR LF [parity]`: 37 bytes, 38 with the
parity byte; 35 without F and C in a form that streams by itself (profile key `form`).

| byte | bits                                                                              |
|------|-----------------------------------------------------------------------------------|
| F    | 0 parity byte follows, 1 net, 2 total overflow, 3-4 price base, 6 always 1          |
| C    | 0 zero, 1 stable, 2 net below zero, 3 over, 4 under, 6 always 1                     |

Price base: 00 per kg, 01 per 100 g, 10 per lb, 11 per quarter lb; a scale that prices per pound
weighs in pounds. Fields may hold `OF`, `UF` or blanks instead of figures. How the parity byte is
made is not published, so it is not checked; the fixed places of headers and CRs are.
Facts: DS-781 communication sheet 20.4 as written up in pydigi's protocol page; its dumps of a real
DS-781; a Chinese till's parser for the 35-byte form.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from scale_app.weighing.protocols.amounts import fits
from scale_app.weighing.protocols.family import Family, Keys, Line, StableBy
from scale_app.weighing.protocols.framing import WAIT, Decoder, Step, damaged, number
from scale_app.weighing.reading import Fault, Mode, Reading, TareKind

_FIELDS: Final = (
    rb"\r0(?P<net>[0-9 .\-OUF]{6})\r4(?P<tare>[0-9 .\-OUF]{6})"
    rb"\rU(?P<price>[0-9 .\-OUF]{6})\rT(?P<total>[0-9 .\-OUF]{7})\r\n"
)
_FORMS: Final = {
    "37": re.compile(rb"(?P<flags>[\x40-\x7f]{2})" + _FIELDS),
    "35": re.compile(_FIELDS),
}
_HEADS: Final = {
    "37": re.compile(rb"[\x40-\x7f]{2}\r0|[\x40-\x7f]{2}\r\Z|[\x40-\x7f]{1,2}\Z"),
    "35": re.compile(rb"\r0|\r\Z"),
}
_WHOLE_HEADS: Final = {"37": re.compile(rb"[\x40-\x7f]{2}\r0"), "35": re.compile(rb"\r0")}
_LENGTHS: Final = {"37": 37, "35": 35}
_PARITY, _NET, _TOTAL_OVERFLOW = 0x01, 0x02, 0x04
_PER_POUND = 0x10
_NO_FIGURE: Final = (b"", b"OF", b"UF")
_ZERO, _STABLE, _BELOW_ZERO, _OVER, _UNDER = 0x01, 0x02, 0x04, 0x08, 0x10
_BASES: Final = (Decimal(1), Decimal(10), Decimal(1), Decimal(4))
"""Price bases in one unit of weight: kg, 100 g, lb, quarter lb."""


def _rule(keys: Keys) -> Callable[[bytes, int], Step]:
    form, unit = keys["form"], keys["unit"]
    head, whole_head = _HEADS[form], _WHOLE_HEADS[form]

    def rule(text: bytes, at: int) -> Step:
        start = head.search(text, at)
        if start is None or start.start() > at:
            return Step((start.start() if start else len(text)) - at)
        if not whole_head.match(text, at):
            return WAIT
        length = _LENGTHS[form] + (form == "37" and text[at] & _PARITY)
        raw = text[at : at + length]
        again = whole_head.search(raw, 2)
        if again:
            return damaged(raw[: again.start()], Fault.INCOMPLETE)
        if len(raw) < length:
            return WAIT
        reading = _reading(raw, form, unit)
        if reading is None:
            return Step(2, Reading(fault=Fault.BAD_FRAME, raw=raw))
        return Step(length, reading)

    return rule


@dataclass(frozen=True, slots=True)
class _Sent:
    """The fields of one frame as figures; `flags` and `condition` are missing with `form=35`."""

    net: Decimal
    tare: Decimal | None
    price: Decimal | None
    total: Decimal | None
    unit: str
    flags: int | None
    condition: int | None


def _reading(raw: bytes, form: str, unit: str) -> Reading | None:
    """The reading of a frame; nothing when a header, a CR or a field is not in its place."""
    found = _FORMS[form].match(raw)
    if found is None:
        return None
    flags, condition = found["flags"] if form == "37" else (None, None)
    unit = "lb" if flags is not None and flags & _PER_POUND else unit
    fault = _fault(found["net"].strip(), condition or 0)
    if fault:
        return Reading(fault=fault, unit=unit, raw=raw)
    figures = [_figure(found[name]) for name in ("net", "tare", "price", "total")]
    net, tare, price, total = (figure for figure, _ in figures)
    if net is None or not all(is_whole for _, is_whole in figures):
        return None
    if net > 0 and (condition or 0) & _BELOW_ZERO:
        return None
    return _weighed(_Sent(net, tare, price, total, unit, flags, condition), raw)


def _fault(net: bytes, condition: int) -> Fault | None:
    if condition & _OVER or net == b"OF":
        return Fault.OVERLOAD
    if condition & _UNDER or net == b"UF":
        return Fault.UNDERLOAD
    return None if net else Fault.NOT_READY


def _figure(field: bytes) -> tuple[Decimal | None, bool]:
    """The figure, if one is sent, and whether the field is well-formed."""
    if field.strip() in _NO_FIGURE:
        return None, True
    figure = number(field)
    return figure, figure is not None


def _weighed(sent: _Sent, raw: bytes) -> Reading:
    flags, condition = sent.flags, sent.condition
    is_net = bool(flags & _NET) if flags is not None else bool(sent.tare)
    if not _prices_fit(sent):
        return Reading(
            fault=Fault.PRICE_MISMATCH,
            unit=sent.unit,
            unit_price=sent.price,
            amount=sent.total,
            raw=raw,
        )
    has_tare = is_net or bool(sent.tare)
    gross = Mode.UNKNOWN if flags is None else Mode.GROSS
    return Reading(
        weight=sent.net,
        unit=sent.unit,
        stable=None if condition is None else bool(condition & _STABLE),
        mode=Mode.NET if is_net else gross,
        tare=sent.tare if has_tare else None,
        tare_kind=TareKind.SCALE if has_tare else None,
        zero=None if condition is None else bool(condition & _ZERO),
        unit_price=sent.price,
        amount=sent.total,
        note="total price overflow" if flags is not None and flags & _TOTAL_OVERFLOW else "",
        raw=raw,
    )


def _prices_fit(sent: _Sent) -> bool:
    if sent.price is None or sent.total is None or (sent.flags or 0) & _TOTAL_OVERFLOW:
        return True
    base = _BASES[(sent.flags or 0) >> 3 & 0b11]
    return fits(sent.net * base, sent.price, sent.total)


def _make(keys: Keys) -> Decoder:
    return Decoder(_rule(keys))


def _stable_by(keys: Keys) -> StableBy:
    return StableBy.FLAG_TWICE if keys["form"] == "37" else StableBy.SOFTWARE_TWICE


def _ask(keys: Keys) -> bytes:
    return b"\x05" if keys["form"] == "37" else b""


FAMILY: Final = Family(
    name="digi-b",
    title="DIGI (Teraoka) DS-781 type B",
    make=_make,
    stable_by=_stable_by,
    keys={"form": ("37", "35"), "unit": ("kg", "lb")},
    line=Line(9600, 8, "N"),
    longest=38,
    ask=_ask,
    checksum="none that is published; every header and CR in its place, total = net x unit price",
)
