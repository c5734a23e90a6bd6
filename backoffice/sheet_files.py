"""Door: tables in files, CSV and workbooks; bytes to cells and back. Uses calamine and xlsxwriter.

What a file is, its first bytes say, not its name. CSV is UTF-8 with or without its mark, UTF-16
with it, or GB18030, as spreadsheets in China save it; one file is one encoding. No formula is ever
computed: a workbook that has one is refused with its cell.
"""

import csv
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from backoffice.errors import UsageFault

MOST_BYTES: Final = 64 * 2**20
MOST_ROWS: Final = 2_100
"""More rows than any price list has; beyond it the file is refused by their number."""
_CHUNK = 1 << 16
_LONGEST_CELL = 1000
_FORMULA = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<(?:\w+:)?f[\s/>]')
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension ref="[A-Z]+[0-9]+:[A-Z]+([0-9]+)"')
_THREE_BYTES = re.compile("[ࠀ-￿]")

_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError,
    NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip
"""What zipfile raises for bytes that are no archive."""

Cells = Iterator[tuple[int, list[str]]]


def read_cells(raw: bytes) -> Cells:
    """(row number, cells) of a CSV file or the first sheet of a workbook.

    Raises:
        UsageFault: what it is, or where it is broken, and what to do.
    """
    if len(raw) > MOST_BYTES:
        raise UsageFault("The file is larger than {most} MiB.", most=MOST_BYTES >> 20)
    if raw.startswith(b"PK\x03\x04"):
        _look_into(raw)
        return _workbook(raw)
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise UsageFault("This is a workbook of the old kind or with a password; save it as .xlsx.")
    return _csv(text_of(raw))


# CSV.


def text_of(raw: bytes) -> str:
    """The text of a CSV file.

    Raises:
        UsageFault: with line and column of the first byte that does not fit.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(raw, "utf-16")
    if raw.startswith(b"\xef\xbb\xbf"):
        return _decoded(raw[3:], "utf-8")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        _check_one_encoding(raw)
        return _decoded(raw, "gb18030")


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode(encoding, errors="replace")
        raise UsageFault(
            "Line {line}, column {column}: byte {byte} is no {encoding}; save the file as UTF-8.",
            line=before.count("\n") + 1, column=len(before.rpartition("\n")[2]) + 1,
            byte=f"0x{raw[error.start]:02X}", encoding=encoding.upper(),
        ) from error  # fmt: skip


def _check_one_encoding(raw: bytes) -> None:
    """Refuses a file of which some lines are UTF-8 and others are not."""
    utf8, other = 0, (0, 0)
    for number, line in enumerate(raw.split(b"\n"), 1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            before = line[: error.start].decode("gb18030", errors="replace")
            other = other if other[0] else (number, len(before) + 1)
            continue
        if not utf8 and _THREE_BYTES.search(text):
            utf8 = number
    if utf8 and other[0]:
        raise UsageFault(
            "Line {line}, column {column}: this line is not UTF-8, but line {utf8} is; save the "
            "whole file as UTF-8.",
            line=other[0], column=other[1], utf8=utf8,
        )  # fmt: skip


def _csv(text: str) -> Cells:
    lines = text.count("\n")
    if lines > MOST_ROWS:
        _too_many(lines)
    header = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UsageFault(
                "Line {line}: this is not CSV ({error}).", line=reader.line_num, error=error
            ) from error
        yield reader.line_num, [_short(cell, reader.line_num) for cell in row]


def _short(cell: str, line: int) -> str:
    if len(cell) > _LONGEST_CELL:
        raise UsageFault(
            "Line {line}: a cell is longer than {most} characters; is a quotation mark missing?",
            line=line, most=_LONGEST_CELL,
        )  # fmt: skip
    return cell


def _too_many(rows: int) -> None:
    raise UsageFault(
        "The file has {rows} rows; a price list holds at most 2000 products.", rows=rows
    )


# Workbooks.


def _look_into(raw: bytes) -> None:
    """Refuses what would unpack to too much, holds too many rows, or has a formula."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            sheets = [one for one in archive.infolist() if "worksheets/sheet" in one.filename]
            for one in sheets:
                with archive.open(one) as stream:
                    found = _DIMENSION.search(stream.read(4096))
                if found and int(found[1]) > MOST_ROWS:
                    _too_many(int(found[1]))
            if sum(one.file_size for one in archive.infolist()) > MOST_BYTES:
                raise UsageFault(
                    "Unpacked, the file is larger than {most} MiB.", most=MOST_BYTES >> 20
                )
            for one in sheets[:1]:
                _refuse_formulas(archive, one)
    except _BROKEN as error:
        raise UsageFault("The workbook is broken ({error}); save it again.", error=error) from error


def _refuse_formulas(archive: zipfile.ZipFile, sheet: zipfile.ZipInfo) -> None:
    with archive.open(sheet) as stream:
        tail = b""
        while piece := stream.read(_CHUNK):
            found = _FORMULA.search(tail + piece)
            if found:
                raise UsageFault(
                    "Cell {cell} holds a formula; paste it as a value.", cell=found[1].decode()
                )
            tail = piece[-512:]


def _workbook(raw: bytes) -> Cells:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415  only when needed

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=MOST_ROWS)
    except (CalamineError, ValueError, OSError, IndexError) as error:
        raise UsageFault("The workbook is broken ({error}); save it again.", error=error) from error
    for number, row in enumerate(rows, 1):
        yield number, [_short(_text(cell), number) for cell in row]


def _text(cell: Any) -> str:  # noqa: ANN401  whatever a cell holds
    """A cell as people would type it; a number without the noise of its binary form."""
    if isinstance(cell, float):
        shortest = format(Decimal(repr(cell)), "f")
        return shortest.rstrip("0").rstrip(".") if "." in shortest else shortest
    return str(cell)


# Out.


def csv_bytes(headings: Sequence[str], cells: Sequence[Sequence[str]]) -> bytes:
    """A CSV file that spreadsheets open in any language: UTF-8 with its mark."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows(cells)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def workbook_bytes(
    headings: Sequence[str], cells: Sequence[Sequence[str]], decimals: dict[int, int]
) -> bytes:
    """A workbook of one sheet; `decimals` are the columns that hold numbers."""
    import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415  only when needed

    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, book.add_format({"bold": True}))
        formats = {
            place: book.add_format({"num_format": f"0.{'0' * count}" if count else "0"})
            for place, count in decimals.items()
        }
        for number, row in enumerate(cells, 1):
            for place, cell in enumerate(row):
                if place in decimals and cell:
                    sheet.write_number(number, place, Decimal(cell), formats[place])
                else:
                    sheet.write_string(number, place, cell)
    return made.getvalue()
