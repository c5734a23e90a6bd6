"""Price lists as tables with headings, in and out: which heading is which field. Pure.

A cell that a spreadsheet would take for a formula (it begins with = + - @ or a control character)
is written with an apostrophe before it, and read back without. That is a rule both ways: a text
that itself begins with apostrophes and such a character gets one more.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from backoffice.errors import UsageFault
from backoffice.price_changes import MOST_PRODUCTS
from backoffice.products import Shop, price_field

HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "plu": ("PLU", "编码", "商品编码", "货号", "code"),
    "name_zh": ("品名", "名称", "商品名称", "中文名", "name zh", "chinese name", "name"),
    "name_en": ("英文名", "name en", "english name"),
    "base": ("单位", "计价单位", "unit", "base", "per"),
    "price": ("单价", "售价", "零售价", "价格", "price", "unit price", "shelf price"),
    "tare_g": ("皮重", "皮重克", "皮重g", "tare g", "tare"),
    "key": ("快捷键", "hot key", "key"),
    "category": ("类别", "分类", "category"),
    "barcode": ("条码", "商品条码", "barcode", "bar code", "gtin", "ean"),
    "rules": ("价格规则", "促销", "rules", "price rules"),
    "origin": ("产地", "origin"),
    "batch": ("批次", "批号", "batch", "lot"),
}
"""Field -> headings; capitals, blanks and punctuation do not count."""

WRITTEN: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "plu": "编码", "name_zh": "品名", "name_en": "英文名", "base": "单位", "price": "单价",
        "tare_g": "皮重(g)", "key": "快捷键", "category": "类别", "barcode": "条码",
        "rules": "价格规则", "origin": "产地", "batch": "批次", "member": "会员价",
    },
    "en": {
        "plu": "PLU", "name_zh": "Chinese name", "name_en": "English name", "base": "Unit",
        "price": "Price", "tare_g": "Tare (g)", "key": "Hot key", "category": "Category",
        "barcode": "Bar code", "rules": "Price rules", "origin": "Origin", "batch": "Batch",
        "member": "Member price ",
    },
}  # fmt: skip
"""Headings of an export."""

NUMBERS: Final = frozenset({"plu", "tare_g"})
"""Beside the prices: cells that are numbers in a workbook."""

_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_MEMBER = re.compile(r"(?:会员价|memberprice|price)(\d?)\Z")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows for `product.import`, each with its number in the file, and `columns` for sentences."""

    rows: list[dict[str, str]]
    columns: dict[str, str]


def escaped(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unescaped(text: str) -> str:
    """The text of a cell that was written by `escaped`, or by hand."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def letter(number: int) -> str:
    """The letter of a column counted from 0: A, B, ... Z, AA."""
    text = ""
    while number >= 0:
        text, number = chr(65 + number % 26) + text, number // 26 - 1
    return text


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def _known(shop: Shop) -> dict[str, str]:
    names = {_plain(word): name for name, words in HEADINGS.items() for word in words}
    for level, word in enumerate(shop.levels):
        names.setdefault(_plain(word), price_field(level))
        names.setdefault(_plain(f"price {word}"), price_field(level))
    return names


def field_of(heading: str, shop: Shop) -> str | None:
    """The field that a heading means, or None."""
    plain = _plain(heading)
    found = _known(shop).get(plain)
    if found:
        return found
    member = _MEMBER.match(plain)
    level = int(member[1] or 1) if member else 0
    return price_field(level) if 0 < level < len(shop.levels) else None


def sheet_of(cells: Iterable[tuple[int, Sequence[str]]], shop: Shop) -> Sheet:
    """Rows and columns of a table; blank rows are left out.

    Args:
        cells: (row number in the file, cells), headings first.
        shop: names of the price levels, which are headings too.

    Raises:
        UsageFault: naming row and column of what cannot be used.
    """
    table = ((number, row) for number, row in cells if any(cell.strip() for cell in row))
    number, headings = next(table, (0, ()))
    if not number:
        raise UsageFault("The file is empty; its first row names the columns.")
    fields = _fields(number, headings, shop)
    rows: list[dict[str, str]] = []
    for number, row in table:
        if len(rows) == MOST_PRODUCTS:
            raise UsageFault(
                "The file has more than {most} rows; a price list holds at most {most} products.",
                most=MOST_PRODUCTS,
            )
        rows.append(_row(number, row, fields))
    columns = {
        name: f"{letter(n)} ({headings[n].strip()})" for n, name in enumerate(fields) if name
    }
    return Sheet(rows, columns)


def _fields(number: int, headings: Sequence[str], shop: Shop) -> list[str]:
    """The field of each column; "" for one without a heading."""
    fields: list[str] = []
    for place, heading in enumerate(headings):
        name = field_of(heading, shop) if heading.strip() else ""
        if name is None:
            raise UsageFault(
                "Row {row}, column {column}: the heading {heading} is not known; use headings as "
                "`backoffice product export` writes them.",
                row=number, column=letter(place), heading=repr(heading.strip()[:40]),
            )  # fmt: skip
        if name and name in fields:
            raise UsageFault(
                "Row {row}, columns {first} and {column}: both are {name}.",
                row=number, first=letter(fields.index(name)), column=letter(place), name=name,
            )  # fmt: skip
        fields.append(name)
    if "plu" not in fields:
        raise UsageFault(
            "Row {row}: no column is the PLU (编码); the first row names the columns.", row=number
        )
    return fields


def _row(number: int, row: Sequence[str], fields: list[str]) -> dict[str, str]:
    for place in range(len(fields), len(row)):
        if row[place].strip():
            raise UsageFault(
                "Row {row}, column {column}: there is a cell but no heading.",
                row=number, column=letter(place),
            )  # fmt: skip
    if len(row) < len(fields):
        raise UsageFault(
            "Row {row} has {cells} cells; the headings are {headings}.",
            row=number, cells=len(row), headings=len(fields),
        )  # fmt: skip
    said = {"row": str(number)}
    for place, name in enumerate(fields):
        if name:
            said[name] = unescaped(row[place].strip())
        elif row[place].strip():
            raise UsageFault(
                "Row {row}, column {column}: there is a cell but no heading.",
                row=number, column=letter(place),
            )  # fmt: skip
    return said


def table_of(
    rows: Iterable[Mapping[str, str]], shop: Shop, language: str
) -> tuple[list[str], list[str], list[list[str]]]:
    """Fields, headings and cells of an export; what `sheet_of` reads back unchanged."""
    words = WRITTEN["zh" if language.startswith("zh") else "en"]
    first = ["plu", "name_zh", "name_en", "base"]
    last = ["tare_g", "key", "category", "barcode", "rules", "origin", "batch"]
    fields = [*first, *shop.price_fields(), *last]
    headings = [
        words["member"] + name.removeprefix("price_") if "_" in name and name.startswith("price")
        else words[name]
        for name in fields
    ]  # fmt: skip
    cells = [[escaped(str(row.get(name, ""))) for name in fields] for row in rows]
    return fields, headings, cells
