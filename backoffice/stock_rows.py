"""Rows of a file of goods in, waste or a count; pure.

The first line names the columns, in any order: plu and quantity must be there; place, price or
cost, supplier, reference and reason may be. A quantity is kg with up to three decimals, or pieces;
a price is for a kg or a piece, a cost for the whole row.
"""

import csv
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from backoffice.errors import UsageFault
from backoffice.stock import Word
from broker.units import MAX_MINOR, MAX_STEPS, round_half_away

COLUMNS = ("place", "plu", "quantity", "price", "cost", "supplier", "reference", "reason")
MOST_ROWS = 20_000
_NAMES = {
    "编码": "plu", "货号": "plu", "数量": "quantity", "进价": "price", "金额": "cost",
    "供应商": "supplier", "单号": "reference", "原因": "reason", "档口": "place",
}  # fmt: skip


def whole(text: str, decimals: int, most: int) -> int:
    """A decimal text in whole steps of its last decimal.

    Raises:
        UsageFault: not a number, below zero, too many decimals or too large.
    """
    try:
        steps = Decimal(text).scaleb(decimals)
    except ArithmeticError:
        steps = Decimal("NaN")
    if not steps.is_finite() or not 0 <= steps <= most or steps != int(steps):
        raise UsageFault(
            "{text} is not a number with at most {decimals} decimals.",
            text=repr(text[:40]), decimals=decimals,
        )  # fmt: skip
    return int(steps)


def stock_row(
    said: Mapping[str, str], word: Word, *, by_piece: Mapping[int, bool], exponent: int
) -> dict[str, Any]:
    """One row as `stock.add` takes it.

    Args:
        said: texts by column.
        word: what the rows are.
        by_piece: of each product that there is, is it sold by the piece?
        exponent: decimals of the currency.

    Raises:
        UsageFault: no such product, or a number that is none.
    """
    plu = whole(said.get("plu", ""), 0, 10**9)
    if plu not in by_piece:
        raise UsageFault("There is no product with PLU {plu}.", plu=plu)
    pieces = by_piece[plu]
    quantity = whole(said.get("quantity", ""), 0 if pieces else 3, MAX_STEPS)
    row: dict[str, Any] = {"plu": plu, "quantity": quantity}
    if word is Word.IN:
        row["cost"] = _cost(said, quantity, 1 if pieces else 1000, exponent)
    row |= {name: said[name][:80] for name in ("place", "supplier", "reference", "reason")
            if said.get(name)}  # fmt: skip
    return row


def _cost(said: Mapping[str, str], quantity: int, per: int, exponent: int) -> int:
    if bool(said.get("price")) == bool(said.get("cost")):
        raise UsageFault("Goods come in at a price, or at a cost for all of them; say one.")
    if said.get("cost"):
        return whole(said["cost"], exponent, MAX_MINOR)
    price = whole(said["price"], exponent, MAX_MINOR)
    return round_half_away(price * quantity, per)


def rows_of(
    text: str, word: Word, *, by_piece: Mapping[int, bool], exponent: int
) -> list[dict[str, Any]]:
    """All rows of a file.

    Raises:
        UsageFault: naming the line that cannot be understood.
    """
    reader = csv.DictReader(text.splitlines(), strict=True)
    found: list[dict[str, Any]] = []
    try:
        columns = [_column(name) for name in reader.fieldnames or ()]
        strange = sorted(set(columns) - set(COLUMNS))
        if strange or not {"plu", "quantity"} <= set(columns) or len(set(columns)) != len(columns):
            raise UsageFault(
                "The first line names the columns {known}; plu and quantity must be there.",
                known=" ".join(COLUMNS),
            )
        reader.fieldnames = columns
        for one in reader:
            found.append(_read(one, reader.line_num, word, (by_piece, exponent)))
            if len(found) > MOST_ROWS:
                raise UsageFault("A file has 1 to {most} rows.", most=MOST_ROWS)
    except csv.Error as error:
        raise UsageFault(
            "Line {line} is not CSV: {error}.", line=reader.line_num, error=error
        ) from error
    if not found:
        raise UsageFault("A file has 1 to {most} rows.", most=MOST_ROWS)
    return found


def _column(name: str) -> str:
    plain = name.strip().lower()
    return _NAMES.get(plain, plain)


def _read(
    said: Mapping[str | None, Any], line: int, word: Word, rules: tuple[Mapping[int, bool], int]
) -> dict[str, Any]:
    if None in said or None in said.values():
        raise UsageFault("Line {line} has not as many fields as the first line.", line=line)
    of = {str(column): str(value).strip() for column, value in said.items()}
    try:
        return stock_row(of, word, by_piece=rules[0], exponent=rules[1])
    except UsageFault as fault:
        raise UsageFault("Line {line}: {why}", line=line, why=str(fault)) from fault
