"""Yaohua `=` frames: the indication as text, forward or reversed, alone or with price and amount.

| digits   | layout                                     | 3.000       | -1.00       |
|----------|--------------------------------------------|-------------|-------------|
| reversed | `=` figure(7, last digit first) sign       | `=000.3000` | `=00.1000-` |
| forward  | `=` sign figure(7)                         | `=0003.000` | `=-0001.00` |

With `form=price`: `=` sign weight(7) [unit(2)] `;` unit price(7) `;` amount(7), 25 or 27 bytes.

sign: `0` or `-`. The two orders have one length and one alphabet: 3.000 forward reads 0.300
reversed, so the order is fixed by the profile and never guessed; a known weight confirms it. There
is no checksum and no stable flag. With prices the manuals know only the forward order; with
`digits=reversed` each figure is read from its end.
Facts: XK3190-A26 manual pp. 12-14; XK3190-A23p pp. 23-24.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from scale_app.weighing.protocols.amounts import fits
from scale_app.weighing.protocols.family import Family, Keys, Line, StableBy
from scale_app.weighing.protocols.framing import WAIT, Decoder, Step, damaged
from scale_app.weighing.reading import Fault, Reading

_START = b"="
_LENGTH = 9
_LONGEST = 27
_FOREIGN = re.compile(rb"[^0-9. +\-]")
_FOREIGN_TO_PRICES = re.compile(rb"[^0-9. +\-;A-Za-z]")
_FIGURE = re.compile(rb" *[0-9]+(?:\.[0-9]*)?")
_FORWARD = re.compile(rb"=(?P<sign>[0 +\-])(?P<weight>[0-9. ]{7})")
_REVERSED = re.compile(rb"=(?P<weight>[0-9. ]{7})(?P<sign>[0 +\-])")
_PRICES = re.compile(
    rb"=(?P<sign>[0 +\-])(?P<weight>[0-9. ]{7})(?P<unit>[A-Za-z]{2})?"
    rb";(?P<price>[0-9. ]{7});(?P<amount>[0-9. ]{7})"
)
_UNITS: Final = {b"kg": "kg", b"lb": "lb", b"pc": "pc"}


def _rule(keys: Keys) -> Callable[[bytes, int], Step]:
    has_prices = keys["form"] == "price"
    foreign = _FOREIGN_TO_PRICES if has_prices else _FOREIGN
    read = _priced if has_prices else _weighed

    def rule(text: bytes, at: int) -> Step:
        if text[at : at + 1] != _START:
            start = text.find(_START, at)
            return Step((start if start >= 0 else len(text)) - at)
        length = _priced_length(text, at) if has_prices else _LENGTH
        raw = text[at : at + length]
        cut = foreign.search(raw, 1)
        if cut:
            fault = Fault.INCOMPLETE if cut[0] == _START else Fault.BAD_FRAME
            return damaged(raw[: cut.start()], fault)
        if len(raw) < length:
            return WAIT
        reading = read(raw, keys)
        return damaged(raw) if reading is None else Step(length, reading)

    return rule


def _priced_length(text: bytes, at: int) -> int:
    """25 bytes without unit, else 27: the byte after the weight tells."""
    return _LONGEST - 2 if text[at + _LENGTH : at + _LENGTH + 1] == b";" else _LONGEST


def _weighed(raw: bytes, keys: Keys) -> Reading | None:
    is_reversed = keys["digits"] == "reversed"
    found = (_REVERSED if is_reversed else _FORWARD).fullmatch(raw)
    if found is None:
        return None
    weight = _figure(found["weight"], is_reversed=is_reversed)
    if weight is None:
        return None
    return Reading(weight=_signed(weight, found["sign"]), unit=keys["unit"], raw=raw)


def _priced(raw: bytes, keys: Keys) -> Reading | None:
    is_reversed = keys["digits"] == "reversed"
    found = _PRICES.fullmatch(raw)
    if found is None:
        return None
    unit = _UNITS.get(found["unit"].lower()) if found["unit"] else keys["unit"]
    weight, price, amount = (
        _figure(found[name], is_reversed=is_reversed) for name in ("weight", "price", "amount")
    )
    if unit is None or weight is None or price is None or amount is None:
        return None
    weight = _signed(weight, found["sign"])
    if not fits(weight, price, amount):
        return Reading(
            fault=Fault.PRICE_MISMATCH, unit=unit, unit_price=price, amount=amount, raw=raw
        )
    is_count = unit == "pc"
    return Reading(
        weight=None if is_count else weight,
        unit=unit,
        unit_price=price,
        amount=amount,
        note=f"count {weight:f}" if is_count else "",
        raw=raw,
    )


def _signed(weight: Decimal, sign: bytes) -> Decimal:
    return -weight if sign == b"-" and weight else weight


def _figure(field: bytes, *, is_reversed: bool) -> Decimal | None:
    """Seven characters; a point at the end stands where no decimals are shown."""
    text = field[::-1] if is_reversed else field
    if not _FIGURE.fullmatch(text):
        return None
    return Decimal(text.strip().rstrip(b".").decode("ascii"))


def _make(keys: Keys) -> Decoder:
    return Decoder(_rule(keys))


def _stable_by(_keys: Keys) -> StableBy:
    return StableBy.SOFTWARE_TWICE


FAMILY: Final = Family(
    name="yaohua-eq",
    title="Yaohua XK3190, `=` lines",
    make=_make,
    stable_by=_stable_by,
    keys={"digits": ("reversed", "forward"), "form": ("weight", "price"), "unit": ("kg", "lb")},
    line=Line(9600, 8, "N"),
    longest=_LONGEST,
    required=("digits",),
    checksum="none; one exact length, form=price: amount = weight x unit price",
)
