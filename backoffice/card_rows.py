"""Rows of a file of cards to issue: what each is to be, and a name by which the books know the row.

The first line names the columns, in any order: kind, level, balance, valid_to, class, holder. Only
kind must be there. A row's name is made of the batch's name, the line and what it says, so a file
may grow at its end while it is being issued; a file with the same name and rows is the same batch.
"""

import csv
import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from backoffice.errors import UsageFault
from broker.units import MAX_MINOR

KINDS = {"member": 1, "stored": 2, "both": 3}
CLASSES = ("bearer", "registered")
COLUMNS = ("kind", "level", "balance", "valid_to", "class", "holder", "family")
FAMILIES = ("auto", "m1", "cpu")
NO_END = 20991231
MOST_ROWS = 10_000
_SUM = re.compile(r"-?[0-9]{0,15}\.?[0-9]{1,15}", re.ASCII)
_FIRST_DAY, _LAST_DAY = 20200101, NO_END


@dataclass(frozen=True, slots=True)
class CardRow:
    """One card to issue; `line` counts from 1, the line of the names being 1."""

    line: int
    wishes: dict[str, Any]
    key: bytes


def minor_of(text: str, exponent: int) -> int:
    """A sum as people write it in whole minor units.

    Raises:
        UsageFault: not a sum, below zero, or with too many decimals.
    """
    # Digits as a Chinese keyboard writes them are digits; 1e9 is a slip and no sum.
    plain = unicodedata.normalize("NFKC", text).strip()
    minor = Decimal(plain).scaleb(exponent) if _SUM.fullmatch(plain) else Decimal("NaN")
    if not minor.is_finite() or minor != int(minor) or not 0 <= minor <= MAX_MINOR:
        raise UsageFault(
            "{text} is not a sum with at most {exponent} decimals.",
            text=repr(text),
            exponent=exponent,
        )
    return int(minor)


def text_of(raw: bytes) -> str:
    """The text of a file as spreadsheets write it: UTF-8 with or without mark, or GB 18030."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def rows_of(text: str, name: str, exponent: int) -> list[CardRow]:
    """The cards that a file wishes for.

    Raises:
        UsageFault: naming the line that cannot be understood.
    """
    reader = csv.DictReader(text.splitlines(), strict=True)
    try:
        columns = [column.strip().lower() for column in reader.fieldnames or ()]
        strange = sorted(set(columns) - set(COLUMNS))
        if strange or "kind" not in columns or len(set(columns)) != len(columns):
            raise UsageFault(
                "The first line names the columns {known}; kind must be there.",
                known=" ".join(COLUMNS),
            )
        reader.fieldnames = columns
        found = [_row(one, reader.line_num, name, exponent) for one in reader]
    except csv.Error as error:
        raise UsageFault("Line {line} is not CSV: {error}.", line=reader.line_num, error=error) \
            from error  # fmt: skip
    if not 0 < len(found) <= MOST_ROWS:
        raise UsageFault("A batch has 1 to {most} rows.", most=MOST_ROWS)
    return found


def _row(said: Mapping[str | None, Any], line: int, name: str, exponent: int) -> CardRow:
    if None in said or None in said.values():
        raise UsageFault("Line {line} has not as many fields as the first line.", line=line)
    of = {column: str(value).strip() for column, value in said.items()}
    level, last_day = of.get("level") or "0", of.get("valid_to") or str(NO_END)
    is_good = (
        of["kind"] in KINDS
        and level.isdecimal() and int(level) <= 9
        and last_day.isdecimal() and _FIRST_DAY <= int(last_day) <= _LAST_DAY
        and (of.get("class") or CLASSES[0]) in CLASSES
        and (of.get("family") or FAMILIES[0]) in FAMILIES
    )  # fmt: skip
    if not is_good:
        raise UsageFault("Line {line}: no card can be that; see `card issue --help`.", line=line)
    wishes = {
        "kind": KINDS[of["kind"]], "level": int(level), "valid_to": int(last_day),
        "opening": minor_of(of.get("balance") or "0", exponent),
        "class": of.get("class") or CLASSES[0], "holder": of.get("holder", "")[:80],
        "family": of.get("family") or FAMILIES[0],
    }  # fmt: skip
    words = [name, str(line), *(f"{column}={of.get(column, '')}" for column in COLUMNS[:-1])]
    words += [of["family"]] if of.get("family") else []
    return CardRow(line, wishes, hashlib.sha256("\0".join(words).encode()).digest()[:16])
