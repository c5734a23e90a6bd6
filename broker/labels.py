"""What stands in a bar code on goods: in-store EAN-13 with price or weight, GS1 element strings.

Pure: digits in, meaning out, and back. An in-store code means what its country or its shop says, so
a layout is data: 13 characters, `22IIIIVPPPPPC`. Digits stand for themselves, `I` is the item's
number, `V` the verifier of the measure, `P` a price, `W` a weight, `N` a count, `C` the check
digit; `:1` behind it means one decimal (price: the currency's own, weight: 3, count: 0 without it).
Label scales in China also print 18 digits, `21IIIIIPPPPPWWWWWX`, price and weight in either order.
`X` is a check digit whose making is not published, so such codes are read and never written; the
symbol has a check of its own. Their price is what holds.

Sources: GS1 General Specifications 7.9.1 (check digit), 7.9.2 to 7.9.4 (verifiers), 3.2 to 3.7
(element strings); national layouts as the PyPI package `biip` cites them; `emupos` for the house
layout; three public programs for label scales for the 18 digits. Element strings are read with
`biip`, which is the till's business.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from broker.errors import BrokerError

FNC1 = "\x1d"
"""Ends an element of variable length that is not the last one."""

_MAPS = {
    "2-": (0, 2, 4, 6, 8, 9, 1, 3, 5, 7),
    "3": (0, 3, 6, 9, 2, 5, 8, 1, 4, 7),
    "5+": (0, 5, 1, 6, 2, 7, 3, 8, 4, 9),
    "5-": (0, 5, 9, 4, 8, 3, 7, 2, 6, 1),
}
_FOUR = ("2-", "2-", "3", "5-")
_FIVE = ("5+", "2-", "5-", "5+", "2-")

HOUSE = ("21IIIIIWWWWWC", "23IIIIIPPPPPC")
_BALTIC = ("23IIIIIIWWWWC", "24IIIIIIWWWWC:2", "25IIIIIIWWWWC:1")
_SWEDEN = ("20IIIIIIPPPPC", "21IIIIIIPPPPC:1", "22IIIIIIPPPPC:0", *_BALTIC)
LAYOUTS: dict[str, tuple[str, ...]] = {
    "HOUSE": HOUSE,
    "DE": (
        "22IIIIVPPPPPC", "23IIIIVPPPPPC", "25IIIIVNNNNNC", "26IIIIVNNNNNC", "28IIIIVWWWWWC",
        "29IIIIVWWWWWC",
    ),
    "DK": (
        *(f"{prefix}IIIIPPPPPPC" for prefix in (21, 22, 23, 24)),
        "26IIIIWWWWWWC", "27IIIIIWWWWWC", "28IIIIWWWWWWC",
    ),
    "EE": _BALTIC,
    "FI": _BALTIC,
    "GB": ("20IIIIIVPPPPC",),
    "LT": _BALTIC,
    "LV": _BALTIC,
    "NO": _SWEDEN,
    "SE": _SWEDEN,
}  # fmt: skip
"""Layouts by country, and the house layout with grams and minor units."""

_SHAPE = re.compile(r"(?P<prefix>\d{1,3})(?P<item>I+)(?P<verifier>V?)(?P<value>P+|W+|N+)C")
_SHAPE_18 = re.compile(r"(?P<prefix>\d{1,3})(?P<item>I+)(?P<first>W*)(?P<value>P+)(?P<second>W*)X")


class BadLabel(BrokerError):
    """A code or layout that cannot be: `reason` says what is wrong with it."""

    code = "bad-label"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Measure(StrEnum):
    """What the variable digits of an in-store code say."""

    PRICE = "P"
    WEIGHT = "W"
    COUNT = "N"


@dataclass(frozen=True, slots=True)
class Layout:
    """One in-store layout, taken apart; lengths in digits."""

    prefix: str
    item: int
    verified: bool
    measure: Measure
    digits: int
    decimals: int | None
    """Decimals of the printed value; None = the usual ones of its measure."""
    before: int = 0
    """Digits between item and value that say something else."""
    length: int = 13


@dataclass(frozen=True, slots=True)
class InStore:
    """What an in-store code says: `value` in grams, minor units or pieces."""

    item: int
    measure: Measure
    value: int


def check_digit(digits: str) -> int:
    """The last digit of a GTIN (GS1 7.9.1): weights 3, 1, 3, ... from the right."""
    total = sum(int(d) * (3, 1)[n % 2] for n, d in enumerate(reversed(digits)))
    return -total % 10


def has_check_digit(code: str) -> bool:
    """True for digits whose last one is right; 8, 12, 13 or 14 of them."""
    is_code = code.isascii() and code.isdigit() and len(code) in (8, 12, 13, 14)
    return is_code and check_digit(code[:-1]) == int(code[-1])


def verifier(value: str) -> int:
    """The check digit of four or five digits of price or measure (GS1 7.9.3 and 7.9.4)."""
    if len(value) == len(_FOUR):
        return sum(_MAPS[m][int(d)] for m, d in zip(_FOUR, value, strict=True)) * 3 % 10
    if len(value) != len(_FIVE):
        raise BadLabel(f"a verifier is made for 4 or 5 digits, not {len(value)}")
    total = sum(_MAPS[m][int(d)] for m, d in zip(_FIVE, value, strict=True))
    return _MAPS["5-"].index(-total % 10)


def layout_of(text: str) -> Layout:
    """A layout as written in a price list.

    Raises:
        BadLabel: not 13 or 18 digits and letters in that order, or a verifier of another length.
    """
    pattern, _, decimals = text.partition(":")
    if len(pattern) == 18:
        return _layout_of_18(pattern, decimals)
    shape = _SHAPE.fullmatch(pattern)
    if shape is None or len(pattern) != 13 or (decimals and decimals not in "0123"):
        raise BadLabel(f"{text!r} is no layout of 13 digits")
    value, verified = shape["value"], bool(shape["verifier"])
    if verified and len(value) not in (len(_FOUR), len(_FIVE)):
        raise BadLabel(f"{text!r}: a verifier needs a value of 4 or 5 digits")
    return Layout(
        prefix=shape["prefix"], item=len(shape["item"]), verified=verified,
        measure=Measure(value[0]), digits=len(value), decimals=int(decimals) if decimals else None,
    )  # fmt: skip


def _layout_of_18(pattern: str, decimals: str) -> Layout:
    shape = _SHAPE_18.fullmatch(pattern)
    if shape is None or bool(shape["first"]) == bool(shape["second"]):
        raise BadLabel(f"{pattern!r} is no layout of 18 digits")
    if decimals and decimals not in "0123":
        raise BadLabel(f"{decimals!r} are no decimals of a price")
    return Layout(
        prefix=shape["prefix"], item=len(shape["item"]), verified=False, measure=Measure.PRICE,
        digits=len(shape["value"]), decimals=int(decimals) if decimals else None,
        before=len(shape["first"]), length=18,
    )  # fmt: skip


def read_in_store(code: str, layout: Layout, exponent: int) -> InStore | None:
    """What 13 or 18 digits say by a layout; None when they are not of that layout.

    Raises:
        BadLabel: of that layout, but check digit or verifier is wrong.
    """
    is_code = code.isascii() and code.isdigit() and len(code) == layout.length
    if not is_code or not code.startswith(layout.prefix):
        return None
    if layout.length == 13 and not has_check_digit(code):
        raise BadLabel("the check digit is wrong")
    at = len(layout.prefix)
    item, rest = int(code[at : at + layout.item]), code[at + layout.item : -1]
    if layout.verified and verifier(rest[1:]) != int(rest[0]):
        raise BadLabel("the digit that verifies the price or weight is wrong")
    start = layout.before + layout.verified
    value = int(rest[start : start + layout.digits]) * 10 ** _shift(layout, exponent)
    return InStore(item, layout.measure, value)


def write_in_store(item: int, value: int, layout: Layout, exponent: int) -> str:
    """The 13 digits for an item and grams, minor units or pieces.

    Raises:
        BadLabel: item or value do not fit, the value is finer than the layout, or 18 digits.
    """
    if layout.length != 13:
        raise BadLabel("codes of 18 digits are read and never written")
    coarse, rest = divmod(value, 10 ** _shift(layout, exponent))
    fits = 0 <= item < 10**layout.item and 0 <= coarse < 10**layout.digits
    if rest or not fits:
        raise BadLabel(f"item {item} with {value} does not fit into the layout")
    printed = f"{coarse:0{layout.digits}d}"
    check = str(verifier(printed)) if layout.verified else ""
    digits = f"{layout.prefix}{item:0{layout.item}d}{check}{printed}"
    return digits + str(check_digit(digits))


def _shift(layout: Layout, exponent: int) -> int:
    """Decimals that the layout leaves out."""
    full = {Measure.PRICE: exponent, Measure.WEIGHT: 3, Measure.COUNT: 0}[layout.measure]
    shift = full - (full if layout.decimals is None else layout.decimals)
    if shift < 0:
        raise BadLabel("the layout is finer than the currency")
    return shift


# Element strings. The number of digits after the AI where it is fixed; None = variable, FNC1.
_FIXED = {"01": 14, "11": 6, "13": 6, "15": 6, "17": 6, "310": 6, "320": 6}
_VARIABLE = {"10": 20, "392": 15}


def element_string(elements: Mapping[str, str]) -> str:
    """GS1 element string: AI to value, in the order given but fixed lengths first.

    Knows 01, 10, 11, 13, 15, 17, 310n, 320n and 392n. FNC1 stands after each element of variable
    length but the last; the one that opens a symbol is the printer's.

    Raises:
        BadLabel: another AI, a value of the wrong length or with characters that do not belong.
    """
    fixed = [(ai, value) for ai, value in elements.items() if _family(ai) in _FIXED]
    variable = [(ai, value) for ai, value in elements.items() if _family(ai) not in _FIXED]
    for ai, value in (*fixed, *variable):
        _check_element(ai, value)
    head = "".join(ai + value for ai, value in fixed)
    return head + FNC1.join(ai + value for ai, value in variable)


def element_text(elements: str) -> str:
    """An element string of ours as printed under its symbol: `(01)9.. (3103)001235 (3922)840`."""
    parts: list[str] = []
    rest = elements
    while rest:
        ai = next(ai for ai in (rest[:2], rest[:4]) if _family(ai) in (*_FIXED, *_VARIABLE))
        length = _FIXED.get(_family(ai))
        end = len(ai) + length if length else (rest + FNC1).index(FNC1)
        parts.append(f"({ai}){rest[len(ai) : end]}")
        rest = rest[end:].removeprefix(FNC1)
    return " ".join(parts)


def _family(ai: str) -> str:
    return ai[:3] if len(ai) == 4 else ai


def _check_element(ai: str, value: str) -> None:
    family = _family(ai)
    if family not in _FIXED and family not in _VARIABLE:
        raise BadLabel(f"AI {ai} is not known here")
    if (len(family) == 3) != (len(ai) == 4) or not ai.isdigit():
        raise BadLabel(f"AI {ai} lacks its decimals")
    if family == "10":
        if not re.fullmatch(r"[!-\"%-?A-Z_a-z]{1,20}", value):
            raise BadLabel("a lot has 1 to 20 letters, digits and signs")
        return
    length = _FIXED.get(family)
    fits = len(value) == length if length else 1 <= len(value) <= _VARIABLE[family]
    if not (fits and value.isascii() and value.isdigit()):
        raise BadLabel(f"AI {ai}: {value!r} does not fit")
    if ai == "01" and not has_check_digit(value):
        raise BadLabel("AI 01: the check digit is wrong")
    if family in ("11", "13", "15", "17") and not _is_date(value):
        raise BadLabel(f"AI {ai}: {value!r} is no date YYMMDD")


def _is_date(value: str) -> bool:
    return 1 <= int(value[2:4]) <= 12 and int(value[4:]) <= 31


def weighed_elements(gtin: str, grams: int, price: int | None, exponent: int) -> dict[str, str]:
    """Elements of a weighed pack: GTIN-14 beginning with 9, net weight, and its price if given.

    Raises:
        BadLabel: the GTIN is not one for goods of variable measure.
    """
    if len(gtin) != 14 or not gtin.startswith("9"):
        raise BadLabel("goods of variable measure have a GTIN-14 that begins with 9")
    elements = {"01": gtin, "3103": f"{grams:06d}"}
    if price is not None:
        elements[f"392{exponent}"] = str(price)
    return elements
